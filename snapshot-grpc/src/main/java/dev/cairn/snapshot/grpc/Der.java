package dev.cairn.snapshot.grpc;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/** The few words of DER that it takes to put an old key into a PKCS#8 envelope. */
final class Der {
  private static final int SEQUENCE = 0x30;
  private static final int OCTET_STRING = 0x04;
  private static final int OBJECT_ID = 0x06;
  private static final int PARAMETERS = 0xA0;
  private static final int LONG_FORM = 0x80;
  private static final int LENGTH_BYTES_MAX = 3;

  private static final byte[] VERSION_0 = {0x02, 0x01, 0x00};
  private static final byte[] NULL = {0x05, 0x00};

  /** 1.2.840.113549.1.1.1 */
  private static final byte[] RSA = {
    OBJECT_ID, 9, 0x2A, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xF7, 0x0D, 1, 1, 1
  };

  /** 1.2.840.10045.2.1 */
  private static final byte[] EC = {OBJECT_ID, 7, 0x2A, (byte) 0x86, 0x48, (byte) 0xCE, 0x3D, 2, 1};

  private Der() {}

  /** The envelope of an RSAPrivateKey (PKCS#1). */
  static byte[] pkcs8OfRsa(byte[] key) {
    return sequence(VERSION_0, sequence(RSA, NULL), element(OCTET_STRING, key));
  }

  /**
   * The envelope of an ECPrivateKey (SEC1).
   *
   * @throws IllegalArgumentException when it does not name its curve
   */
  static byte[] pkcs8OfEc(byte[] key) {
    return sequence(VERSION_0, sequence(EC, curve(key)), element(OCTET_STRING, key));
  }

  /** Version, number, and behind them the parameters: the id of a curve. */
  private static byte[] curve(byte[] key) {
    try {
      ByteBuffer fields = body(ByteBuffer.wrap(key), SEQUENCE);
      while (fields.hasRemaining()) {
        int tag = fields.get(fields.position()) & 0xFF;
        ByteBuffer field = body(fields, tag);
        if (tag == PARAMETERS && (field.get(field.position()) & 0xFF) == OBJECT_ID) {
          byte[] id = new byte[field.remaining()];
          field.get(id);
          return id;
        }
      }
    } catch (BufferUnderflowException | IndexOutOfBoundsException early) {
      throw new IllegalArgumentException("the key ends early", early);
    }
    throw new IllegalArgumentException("the key does not name its curve");
  }

  /** The body of the next element, which must have this tag. */
  private static ByteBuffer body(ByteBuffer in, int tag) {
    if ((in.get() & 0xFF) != tag) {
      throw new IllegalArgumentException("not a key");
    }
    int length = length(in);
    if (length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    ByteBuffer body = in.slice(in.position(), length);
    in.position(in.position() + length);
    return body;
  }

  private static int length(ByteBuffer in) {
    int first = in.get() & 0xFF;
    if (first < LONG_FORM) {
      return first;
    }
    int count = first - LONG_FORM;
    if (count > LENGTH_BYTES_MAX) {
      throw new IllegalArgumentException("not a key");
    }
    int length = 0;
    for (int i = 0; i < count; i++) {
      length = length << 8 | in.get() & 0xFF;
    }
    return length;
  }

  private static byte[] sequence(byte[]... parts) {
    int count = 0;
    for (byte[] part : parts) {
      count += part.length;
    }
    ByteBuffer body = ByteBuffer.allocate(count);
    for (byte[] part : parts) {
      body.put(part);
    }
    return element(SEQUENCE, body.array());
  }

  private static byte[] element(int tag, byte[] body) {
    int digits =
        body.length < LONG_FORM
            ? 0
            : (Integer.SIZE - Integer.numberOfLeadingZeros(body.length) + 7) / 8;
    ByteBuffer out = ByteBuffer.allocate(2 + digits + body.length);
    out.put((byte) tag).put((byte) (digits == 0 ? body.length : LONG_FORM | digits));
    for (int i = digits - 1; i >= 0; i--) {
      out.put((byte) (body.length >>> 8 * i));
    }
    return out.put(body).array();
  }
}
