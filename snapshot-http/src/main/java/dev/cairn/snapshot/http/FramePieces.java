package dev.cairn.snapshot.http;

import com.google.gson.JsonPrimitive;
import com.google.protobuf.ByteString;
import dev.cairn.etcd.proto.SnapshotResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * One message of a stream as a line of JSON, in pieces of at most 64 KiB: its blob never becomes a
 * string. For one thread at a time; each piece dies with the next call.
 */
final class FramePieces {
  /** A multiple of three, so that only the last piece of a blob is padded. */
  private static final int BLOB_BYTES = 48 << 10;

  private static final int HEAD_BYTES = 128;

  private final Base64.Encoder base64 = Base64.getEncoder();

  // Made for the first blob: a stream that is refused has none.
  private byte[] plain;
  private byte[] encoded;

  private ByteString blob = ByteString.EMPTY;
  private int position;
  private String head;
  private String tail;

  /** Begins another line. */
  void begin(SnapshotResponse frame) {
    blob = frame.getBlob();
    position = 0;
    StringBuilder before = new StringBuilder(HEAD_BYTES);
    if (frame.getRemainingBytes() != 0) {
      String left = Long.toUnsignedString(frame.getRemainingBytes());
      before.append(",\"remaining_bytes\":\"").append(left).append('"');
    }
    before.append(blob.isEmpty() ? "" : ",\"blob\":\"");
    String version =
        frame.getVersion().isEmpty() ? "" : ",\"version\":" + new JsonPrimitive(frame.getVersion());
    head = "{\"result\":{" + (before.length() == 0 ? "" : before.substring(1));
    tail = (blob.isEmpty() ? "" : "\"") + version + "}}\n";
  }

  /** The next piece of the line; null behind the last one. */
  ByteBuffer next() {
    if (head != null) {
      ByteBuffer text = text(head);
      head = null;
      return text;
    }
    if (position < blob.size()) {
      return nextOfBlob();
    }
    if (tail == null) {
      return null;
    }
    ByteBuffer text = text(tail);
    tail = null;
    blob = ByteString.EMPTY;
    position = 0;
    return text;
  }

  private ByteBuffer nextOfBlob() {
    if (plain == null) {
      plain = new byte[BLOB_BYTES];
      encoded = new byte[BLOB_BYTES / 3 * 4];
    }
    int count = Math.min(BLOB_BYTES, blob.size() - position);
    blob.substring(position, position + count).copyTo(plain, 0);
    position += count;
    byte[] exact = count == BLOB_BYTES ? plain : Arrays.copyOf(plain, count);
    return ByteBuffer.wrap(encoded, 0, base64.encode(exact, encoded));
  }

  private static ByteBuffer text(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }
}
