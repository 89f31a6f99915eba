package dev.cairn.spi;

import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.util.List;

/** An engine that only has a name and recognises files that start with a byte. */
abstract class FakeEngine implements Engine {
  private final String name;
  private final int firstByte;

  private FakeEngine(String name, int firstByte) {
    this.name = name;
    this.firstByte = firstByte;
  }

  /** Recognises 1. */
  public static final class Alpha extends FakeEngine {
    /** For the service loader. */
    public Alpha() {
      super("alpha", 1);
    }
  }

  /** Recognises 2. */
  public static final class Beta extends FakeEngine {
    /** For the service loader. */
    public Beta() {
      super("beta", 2);
    }
  }

  /** Recognises 2 as well. */
  public static final class Gamma extends FakeEngine {
    /** For the service loader. */
    public Gamma() {
      super("gamma", 2);
    }
  }

  /** Has a name that is taken. */
  public static final class OtherAlpha extends FakeEngine {
    /** For the service loader. */
    public OtherAlpha() {
      super("alpha", 3);
    }
  }

  @Override
  public EngineInfo info() {
    return new EngineInfo(name, "fake 1", 1, Limits.PORTABLE, List.of(), "nothing");
  }

  @Override
  public boolean recognizes(HeadReader head) {
    ByteBuffer first = ByteBuffer.allocate(1);
    return head.read(0, first) == 1 && first.get(0) == firstByte;
  }

  @Override
  public Backend open(Path store, BackendConfig config) {
    throw new UnsupportedOperationException();
  }

  @Override
  public ReadView openImage(Path image, long imageSizeBytes) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void install(ReadableByteChannel image, long imageSizeBytes, Path store) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<Path> files(Path store) {
    return List.of(store);
  }
}
