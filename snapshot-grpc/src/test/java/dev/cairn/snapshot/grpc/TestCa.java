package dev.cairn.snapshot.grpc;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;
import javax.security.auth.x500.X500Principal;

/** An authority that lives as long as a test: its certificates are for 127.0.0.1 and localhost. */
final class TestCa {
  private static final byte[] ECDSA_WITH_SHA256 = hex("300a06082a8648ce3d040302");
  private static final byte[] IS_AUTHORITY = hex("300f0603551d130101ff040530030101ff");
  private static final byte[] LOCAL_NAMES =
      concat(hex("301a0603551d1104133011"), hex("87047f000001"), hex("8209"), bytes("localhost"));
  private static final DateTimeFormatter UTC_TIME =
      DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

  /** A certificate with its key. */
  record Issued(X509Certificate certificate, KeyPair keys) {
    Path writeCertificate(Path file) throws Exception {
      return Files.writeString(file, pem("CERTIFICATE", certificate.getEncoded()));
    }

    Path writeKey(Path file) throws Exception {
      return Files.writeString(file, pem("PRIVATE KEY", keys.getPrivate().getEncoded()));
    }
  }

  private final AtomicLong serial = new AtomicLong(1);
  private final String name;
  private final Issued self;

  TestCa(String name) throws Exception {
    this.name = name;
    KeyPair keys = keys();
    self = new Issued(sign(name, keys, keys.getPrivate(), IS_AUTHORITY, Duration.ZERO), keys);
  }

  /** Its own certificate. */
  Issued self() {
    return self;
  }

  Issued issue(String subject) throws Exception {
    return issue(subject, keys(), Duration.ZERO);
  }

  /** One that was good for an hour, and is no more. */
  Issued issueExpired(String subject) throws Exception {
    return issue(subject, keys(), Duration.ofHours(2));
  }

  Issued issue(String subject, KeyPair keys, Duration age) throws Exception {
    return new Issued(sign(subject, keys, self.keys().getPrivate(), LOCAL_NAMES, age), keys);
  }

  static KeyPair keys() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  private X509Certificate sign(
      String subject, KeyPair keys, PrivateKey key, byte[] extension, Duration age)
      throws Exception {
    Instant from = Instant.now().minusSeconds(60).minus(age);
    byte[] body =
        tagged(
            0x30,
            hex("a003020102"),
            tagged(0x02, BigInteger.valueOf(serial.getAndIncrement()).toByteArray()),
            ECDSA_WITH_SHA256,
            new X500Principal("CN=" + name).getEncoded(),
            tagged(0x30, time(from), time(from.plus(Duration.ofHours(1)))),
            new X500Principal("CN=" + subject).getEncoded(),
            keys.getPublic().getEncoded(),
            tagged(0xa3, tagged(0x30, extension)));
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(key);
    signature.update(body);
    byte[] signed = tagged(0x03, new byte[] {0}, signature.sign());
    byte[] der = tagged(0x30, body, ECDSA_WITH_SHA256, signed);
    return (X509Certificate)
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
  }

  private static byte[] time(Instant when) {
    return tagged(0x17, bytes(UTC_TIME.format(when)));
  }

  static byte[] tagged(int tag, byte[]... parts) {
    byte[] value = concat(parts);
    int size = value.length;
    byte[] head =
        size < 0x80
            ? new byte[] {(byte) tag, (byte) size}
            : new byte[] {(byte) tag, (byte) 0x82, (byte) (size >> 8), (byte) size};
    if (size >= 0x80 && size <= 0xff) {
      head = new byte[] {(byte) tag, (byte) 0x81, (byte) size};
    }
    return concat(head, value);
  }

  static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(US_ASCII);
  }

  static String pem(String label, byte[] der) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(label, body, label);
  }
}
