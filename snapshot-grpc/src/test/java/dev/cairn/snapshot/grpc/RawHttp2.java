package dev.cairn.snapshot.grpc;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;

/** HTTP/2 by hand over a plain socket, for what no decent client does. */
final class RawHttp2 implements AutoCloseable {
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int SETTINGS = 4;
  private static final int ACK = 1;
  private static final int END_STREAM = 1;
  private static final int END_HEADERS = 4;
  private static final int INITIAL_WINDOW_SIZE = 4;
  private static final int GRPC_HEAD_BYTES = 5;

  private final Socket socket;
  private int nextStream = 1;

  /** Connects, and says nothing yet. */
  RawHttp2(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
  }

  Socket socket() {
    return socket;
  }

  /** The first words: whatever is answered, no byte of it may be sent. */
  RawHttp2 beginWithoutWindow() throws IOException {
    ByteBuffer settings = ByteBuffer.allocate(6).putShort((short) INITIAL_WINDOW_SIZE).putInt(0);
    OutputStream out = socket.getOutputStream();
    out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII));
    out.write(frame(SETTINGS, 0, 0, settings.array()));
    out.flush();
    return this;
  }

  /** Takes the server's settings, as HTTP/2 asks: its limits count from here on. */
  RawHttp2 acknowledge() throws IOException {
    while (nextFrameType() != SETTINGS) {
      // Whatever else comes before them.
    }
    socket.getOutputStream().write(frame(SETTINGS, ACK, 0, new byte[0]));
    return this;
  }

  /** Waits until so many calls were answered, or refused: each begins with its headers. */
  void awaitHeaders(int count) throws IOException {
    int seen = 0;
    while (seen < count) {
      seen += nextFrameType() == HEADERS ? 1 : 0;
    }
  }

  /** Asks a method, with an empty message. */
  void ask(String method) throws IOException {
    int stream = nextStream;
    nextStream += 2;
    OutputStream out = socket.getOutputStream();
    out.write(frame(HEADERS, END_HEADERS, stream, headers(method)));
    out.write(frame(DATA, END_STREAM, stream, new byte[GRPC_HEAD_BYTES]));
    out.flush();
  }

  private static byte[] headers(String method) {
    ByteBuffer block = ByteBuffer.allocate(512);
    put(block, ":method", "POST");
    put(block, ":scheme", "http");
    put(block, ":path", "/etcdserverpb.Maintenance/" + method);
    put(block, ":authority", "test");
    put(block, "content-type", "application/grpc");
    put(block, "te", "trailers");
    byte[] bytes = new byte[block.flip().remaining()];
    block.get(bytes);
    return bytes;
  }

  /** A literal that enters no table, as HPACK has it; names and values are short. */
  private static void put(ByteBuffer into, String name, String value) {
    into.put((byte) 0);
    into.put((byte) name.length()).put(name.getBytes(US_ASCII));
    into.put((byte) value.length()).put(value.getBytes(US_ASCII));
  }

  private static byte[] frame(int type, int flags, int stream, byte[] payload) {
    return ByteBuffer.allocate(9 + payload.length)
        .put((byte) (payload.length >> 16))
        .putShort((short) payload.length)
        .put((byte) type)
        .put((byte) flags)
        .putInt(stream)
        .put(payload)
        .array();
  }

  /** The type of the next frame that comes; what is in it is thrown away. */
  private int nextFrameType() throws IOException {
    DataInputStream in = new DataInputStream(socket.getInputStream());
    int sizeBytes = in.readUnsignedByte() << Short.SIZE | in.readUnsignedShort();
    int type = in.readUnsignedByte();
    in.skipNBytes(1 + Integer.BYTES + sizeBytes);
    return type;
  }

  /** Waits until the server has closed the connection, and throws what it sent away. */
  void awaitClose() throws IOException {
    byte[] piece = new byte[4_096];
    try {
      while (socket.getInputStream().read(piece) >= 0) {
        // Only the end matters.
      }
    } catch (java.net.SocketException reset) {
      // An end as well.
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
