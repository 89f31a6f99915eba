package dev.cairn.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Base64;

/** Signs certificates for one test; keys and certificates are PEM files in its directory. */
final class TestAuthority {
  private static final DateTimeFormatter UTC_TIME =
      DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

  private static final int SEQUENCE = 0x30;
  private static final int SET = 0x31;
  private static final int INTEGER = 0x02;
  private static final int BIT_STRING = 0x03;
  private static final int OCTET_STRING = 0x04;
  private static final int UTF8_STRING = 0x0C;
  private static final int UTC_TIME_TAG = 0x17;
  private static final int SAN_DNS = 0x82;
  private static final int SAN_ADDRESS = 0x87;

  private static final byte[] ECDSA_WITH_SHA256 =
      oid(0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02);
  private static final byte[] COMMON_NAME = oid(0x55, 0x04, 0x03);
  private static final byte[] BASIC_CONSTRAINTS = oid(0x55, 0x1D, 0x13);
  private static final byte[] ALT_NAMES = oid(0x55, 0x1D, 0x11);
  private static final byte[] TRUE = {0x01, 0x01, (byte) 0xFF};

  /** Two files. */
  record Issued(Path cert, Path key) {}

  private final Path directory;
  private final String name;
  private final KeyPair keys;
  private final Path cert;

  TestAuthority(Path directory, String name) {
    this.directory = directory;
    this.name = name;
    this.keys = newKeys();
    this.cert = directory.resolve(name + ".crt");
    byte[] constraints = extension(BASIC_CONSTRAINTS, der(SEQUENCE, TRUE));
    write(cert, "CERTIFICATE", certificate(name, keys, constraints, inDays(-1), inDays(10)));
  }

  /** Its own certificate. */
  Path cert() {
    return cert;
  }

  /** A certificate for an address or a name. */
  Issued issue(String file, String subject, String address) {
    return issue(file, subject, address, inDays(-1), inDays(9));
  }

  /** One that ended yesterday. */
  Issued issueExpired(String file, String address) {
    return issue(file, file, address, inDays(-9), inDays(-1));
  }

  private Issued issue(String file, String subject, String address, Instant from, Instant to) {
    KeyPair leaf = newKeys();
    Issued issued = new Issued(directory.resolve(file + ".crt"), directory.resolve(file + ".key"));
    byte[] names = extension(ALT_NAMES, der(SEQUENCE, altName(address)));
    write(issued.cert(), "CERTIFICATE", certificate(subject, leaf, names, from, to));
    write(issued.key(), "PRIVATE KEY", leaf.getPrivate().getEncoded());
    return issued;
  }

  private static byte[] altName(String address) {
    try {
      return Character.isDigit(address.charAt(0))
          ? der(SAN_ADDRESS, InetAddress.getByName(address).getAddress())
          : der(SAN_DNS, address.getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Instant inDays(int days) {
    return Instant.now().plus(days, ChronoUnit.DAYS);
  }

  private static KeyPair newKeys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private byte[] certificate(
      String subject, KeyPair subjectKeys, byte[] extension, Instant from, Instant to) {
    byte[] algorithm = der(SEQUENCE, ECDSA_WITH_SHA256);
    byte[] content =
        der(
            SEQUENCE,
            der(0xA0, der(INTEGER, new byte[] {2})),
            der(INTEGER, new BigInteger(63, new SecureRandom()).toByteArray()),
            algorithm,
            distinguished(name),
            der(SEQUENCE, time(from), time(to)),
            distinguished(subject),
            subjectKeys.getPublic().getEncoded(),
            der(0xA3, der(SEQUENCE, extension)));
    return der(SEQUENCE, content, algorithm, bits(sign(content)));
  }

  private byte[] sign(byte[] content) {
    try {
      Signature signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign(keys.getPrivate());
      signature.update(content);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] distinguished(String commonName) {
    byte[] text = der(UTF8_STRING, commonName.getBytes(StandardCharsets.UTF_8));
    return der(SEQUENCE, der(SET, der(SEQUENCE, COMMON_NAME, text)));
  }

  private static byte[] time(Instant instant) {
    return der(UTC_TIME_TAG, UTC_TIME.format(instant).getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] extension(byte[] id, byte[] value) {
    return der(SEQUENCE, id, der(OCTET_STRING, value));
  }

  private static byte[] bits(byte[] bytes) {
    return der(BIT_STRING, new byte[1], bytes);
  }

  private static byte[] oid(int... bytes) {
    byte[] body = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      body[i] = (byte) bytes[i];
    }
    return der(0x06, body);
  }

  private static byte[] der(int tag, byte[]... parts) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      body.writeBytes(part);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    int length = body.size();
    if (length >= 0x100) {
      out.write(0x82);
      out.write(length >> 8);
    } else if (length >= 0x80) {
      out.write(0x81);
    }
    out.write(length);
    out.writeBytes(body.toByteArray());
    return out.toByteArray();
  }

  static void write(Path file, String label, byte[] bytes) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    try {
      Files.writeString(
          file, "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
