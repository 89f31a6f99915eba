package dev.cairn.snapshot.grpc;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Private keys of the three DER forms that etcd reads. The platform reads PKCS#8 alone, and the
 * other two are what stands inside it, so they get its head:
 *
 * <pre>
 * SEQUENCE { INTEGER 0, SEQUENCE { OID algorithm, parameters }, OCTET STRING { PKCS#1 or SEC1 } }
 * </pre>
 */
final class PrivateKeys {
  private static final String PKCS8 = "PRIVATE KEY";
  private static final String PKCS1 = "RSA PRIVATE KEY";
  private static final String SEC1 = "EC PRIVATE KEY";

  private static final int SEQUENCE = 0x30;
  private static final int OCTET_STRING = 0x04;

  /** SEC1 puts the name of its curve behind the secret, with this tag. */
  private static final int SEC1_PARAMETERS = 0xa0;

  private static final int LONG_LENGTH = 0x80;
  private static final int LENGTH_BYTES_MAX = 3;

  private static final byte[] VERSION_0 = hex("020100");
  private static final byte[] OID_RSA_AND_NULL = hex("06092a864886f70d0101010500");
  private static final byte[] OID_EC = hex("06072a8648ce3d0201");

  private PrivateKeys() {}

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }

  /** Reads the key in a PEM block; empty when it is of no kind that is known, or damaged. */
  static Optional<PrivateKey> of(String label, byte[] der) {
    try {
      return switch (label) {
        case PKCS8 -> read(der, List.of("RSA", "EC"));
        case PKCS1 -> read(pkcs8(OID_RSA_AND_NULL, der), List.of("RSA"));
        case SEC1 -> read(pkcs8(concat(OID_EC, curve(der)), der), List.of("EC"));
        default -> Optional.empty();
      };
    } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Optional<PrivateKey> read(byte[] pkcs8, List<String> algorithms) {
    for (String algorithm : algorithms) {
      try {
        KeyFactory keys = KeyFactory.getInstance(algorithm);
        return Optional.of(keys.generatePrivate(new PKCS8EncodedKeySpec(pkcs8)));
      } catch (GeneralSecurityException anotherKind) {
        // The next one may fit.
      }
    }
    return Optional.empty();
  }

  private static byte[] pkcs8(byte[] algorithm, byte[] key) {
    return tagged(
        SEQUENCE,
        concat(VERSION_0, concat(tagged(SEQUENCE, algorithm), tagged(OCTET_STRING, key))));
  }

  /** {@code SEQUENCE { INTEGER 1, OCTET STRING secret, [0] { OID curve }, … }}. */
  private static byte[] curve(byte[] sec1) {
    ByteBuffer fields = value(ByteBuffer.wrap(sec1));
    while (true) {
      boolean found = (fields.get(fields.position()) & 0xff) == SEC1_PARAMETERS;
      ByteBuffer field = value(fields);
      if (found) {
        byte[] curve = new byte[field.remaining()];
        field.get(curve);
        return curve;
      }
    }
  }

  /** What is in the next element, which is passed over. */
  private static ByteBuffer value(ByteBuffer from) {
    from.get();
    int length = from.get() & 0xff;
    if (length >= LONG_LENGTH) {
      int bytes = length - LONG_LENGTH;
      if (bytes > LENGTH_BYTES_MAX) {
        throw new IllegalArgumentException("a length of " + bytes + " bytes");
      }
      length = 0;
      for (int i = 0; i < bytes; i++) {
        length = length << Byte.SIZE | from.get() & 0xff;
      }
    }
    ByteBuffer value = from.slice(from.position(), length);
    from.position(from.position() + length);
    return value;
  }

  private static byte[] tagged(int tag, byte[] value) {
    int size = value.length;
    byte[] head;
    if (size < LONG_LENGTH) {
      head = new byte[] {(byte) tag, (byte) size};
    } else if (size <= 0xff) {
      head = new byte[] {(byte) tag, (byte) (LONG_LENGTH + 1), (byte) size};
    } else {
      byte high = (byte) (size >> Byte.SIZE);
      head = new byte[] {(byte) tag, (byte) (LONG_LENGTH + 2), high, (byte) size};
    }
    return concat(head, value);
  }

  private static byte[] concat(byte[] first, byte[] second) {
    return ByteBuffer.allocate(first.length + second.length).put(first).put(second).array();
  }
}
