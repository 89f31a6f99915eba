package dev.cairn.store;

import static java.util.Objects.requireNonNull;

import dev.cairn.spi.Cursor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * One walk over pending entries, newest first, and the backend's cursor beneath. Of equal keys the
 * newest counts; the others are passed over with it, and deleted ones are not shown.
 */
final class MergedCursor implements Cursor {
  private final List<Source> sources;
  private final Runnable check;
  private Source current;
  private boolean started;
  private volatile boolean closed;

  /**
   * Opens before the first entry.
   *
   * @param above frozen entries, newest first
   * @param beneath closed with this; null where nothing beneath shows through
   * @param check throws when what this belongs to is closed
   */
  MergedCursor(List<Entries> above, Cursor beneath, Runnable check) {
    this.check = check;
    sources = new ArrayList<>(above.size() + 1);
    above.forEach(entries -> sources.add(new Pending(entries.walk())));
    if (beneath != null) {
      sources.add(new Beneath(beneath));
    }
  }

  @Override
  public boolean seek(byte[] key) {
    requireNonNull(key);
    checkOpen();
    started = true;
    for (Source source : sources) {
      source.live = source.seek(key);
    }
    return settle();
  }

  @Override
  public boolean next() {
    checkOpen();
    if (!started) {
      started = true;
      sources.forEach(Source::advance);
    } else if (current != null) {
      pass();
    }
    return settle();
  }

  /** Moves every source that stands on the current key to its next one. */
  private void pass() {
    for (Source source : sources) {
      if (source != current && source.live && compare(source, current) == 0) {
        source.advance();
      }
    }
    current.advance();
  }

  private boolean settle() {
    current = least();
    while (current != null && current.isDeleted()) {
      pass();
      current = least();
    }
    return current != null;
  }

  /** The source with the least key, of equal ones the newest. */
  private Source least() {
    Source least = null;
    for (Source source : sources) {
      if (source.live && (least == null || compare(source, least) < 0)) {
        least = source;
      }
    }
    return least;
  }

  @Override
  public ByteBuffer key() {
    return onEntry().key().asReadOnlyBuffer();
  }

  @Override
  public ByteBuffer value() {
    return onEntry().value().asReadOnlyBuffer();
  }

  private Source onEntry() {
    checkOpen();
    if (current == null) {
      throw new IllegalStateException("the cursor is on no entry");
    }
    return current;
  }

  private void checkOpen() {
    if (closed) {
      throw Closed.exception("this cursor");
    }
    check.run();
  }

  @Override
  public void close() {
    closed = true;
    for (Source source : sources) {
      source.close();
    }
  }

  private static int compare(Source one, Source other) {
    ByteBuffer left = one.key();
    ByteBuffer right = other.key();
    int at = left.mismatch(right);
    if (at < 0 || at == left.remaining() || at == right.remaining()) {
      return left.remaining() - right.remaining();
    }
    return Byte.compareUnsigned(left.get(at), right.get(at));
  }

  /** One of the walks that are merged; its key is valid while it is live. */
  private abstract static class Source {
    private boolean live;

    abstract boolean seek(byte[] key);

    abstract boolean next();

    abstract ByteBuffer key();

    abstract ByteBuffer value();

    abstract boolean isDeleted();

    abstract void close();

    final void advance() {
      live = next();
    }
  }

  private static final class Pending extends Source {
    private final Entries.Walk walk;
    private ByteBuffer key;

    Pending(Entries.Walk walk) {
      this.walk = walk;
    }

    @Override
    boolean seek(byte[] from) {
      return took(walk.seek(from));
    }

    @Override
    boolean next() {
      return took(walk.next());
    }

    private boolean took(boolean there) {
      key = there ? ByteBuffer.wrap(walk.key()) : null;
      return there;
    }

    @Override
    ByteBuffer key() {
      return key;
    }

    @Override
    ByteBuffer value() {
      return ByteBuffer.wrap(walk.value());
    }

    @Override
    boolean isDeleted() {
      return walk.value() == Entries.TOMBSTONE;
    }

    @Override
    void close() {}
  }

  private static final class Beneath extends Source {
    private final Cursor cursor;
    private ByteBuffer key;

    Beneath(Cursor cursor) {
      this.cursor = cursor;
    }

    @Override
    boolean seek(byte[] from) {
      return took(cursor.seek(from));
    }

    @Override
    boolean next() {
      return took(cursor.next());
    }

    private boolean took(boolean there) {
      key = there ? cursor.key() : null;
      return there;
    }

    @Override
    ByteBuffer key() {
      return key;
    }

    @Override
    ByteBuffer value() {
      return cursor.value();
    }

    @Override
    boolean isDeleted() {
      return false;
    }

    @Override
    void close() {
      cursor.close();
    }
  }
}
