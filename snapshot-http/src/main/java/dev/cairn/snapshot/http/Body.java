package dev.cairn.snapshot.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/** Gathers the body of one request as it comes, without a thread that waits for it. */
final class Body implements Runnable {
  /** As much as etcd lets a request have: 1.5 MiB, and 512 KiB for what is around it. */
  static final int BYTES_MAX = 2 << 20;

  private final Request request;
  private final Reader reader;
  private final ByteArrayOutputStream gathered = new ByteArrayOutputStream();

  /** Is told of one of the three, once. */
  interface Reader {
    void whole(byte[] body);

    /** With the size as far as it is known. */
    void tooLarge(long bytes);

    void broken(Throwable failure);
  }

  private Body(Request request, Reader reader) {
    this.request = request;
    this.reader = reader;
  }

  static void read(Request request, Reader reader) {
    if (request.getLength() > BYTES_MAX) {
      reader.tooLarge(request.getLength());
    } else {
      new Body(request, reader).run();
    }
  }

  @Override
  public void run() {
    for (Content.Chunk chunk = request.read(); chunk != null; chunk = request.read()) {
      if (Content.Chunk.isFailure(chunk)) {
        reader.broken(chunk.getFailure());
        return;
      }
      if (take(chunk)) {
        return;
      }
    }
    request.demand(this);
  }

  /** Whether that was all there is to do. */
  private boolean take(Content.Chunk chunk) {
    long bytes = gathered.size() + (long) chunk.remaining();
    boolean last = chunk.isLast();
    boolean fits = bytes <= BYTES_MAX;
    if (fits) {
      gather(chunk.getByteBuffer());
    }
    chunk.release();
    if (!fits) {
      reader.tooLarge(bytes);
    } else if (last) {
      reader.whole(gathered.toByteArray());
    }
    return last || !fits;
  }

  private void gather(ByteBuffer piece) {
    byte[] bytes = new byte[piece.remaining()];
    piece.get(bytes);
    gathered.writeBytes(bytes);
  }
}
