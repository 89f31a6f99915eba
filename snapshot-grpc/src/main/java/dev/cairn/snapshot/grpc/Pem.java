package dev.cairn.snapshot.grpc;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The blocks of a PEM file: {@code -----BEGIN label-----}, base64, {@code -----END label-----};
 * whatever stands between blocks is a comment. No failure shows what is inside.
 */
final class Pem {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);
  private static final String CERTIFICATE = "CERTIFICATE";

  private record Block(String label, String body) {}

  private final Path file;
  private final List<Block> blocks = new ArrayList<>();

  /**
   * Finds the blocks.
   *
   * @param file what failures name
   * @param content what is in it
   */
  Pem(Path file, byte[] content) {
    this.file = file;
    Matcher matcher = BLOCK.matcher(new String(content, ISO_8859_1));
    while (matcher.find()) {
      blocks.add(new Block(matcher.group(1), matcher.group(2)));
    }
  }

  /**
   * Its certificates in their order, at least one.
   *
   * @throws StorageException {@code corrupt}
   */
  List<X509Certificate> certificates() {
    List<X509Certificate> certificates = new ArrayList<>();
    for (Block block : blocks) {
      if (block.label().equals(CERTIFICATE)) {
        certificates.add(certificate(decode(block)));
      }
    }
    if (certificates.isEmpty()) {
      throw wrong("holds no PEM certificate");
    }
    return certificates;
  }

  private X509Certificate certificate(byte[] der) {
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      return (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der));
    } catch (CertificateException e) {
      throw wrong("holds a certificate that cannot be read");
    }
  }

  /**
   * Its first private key: PKCS#8, PKCS#1 (RSA) or SEC1 (elliptic curves), not encrypted.
   *
   * @throws StorageException {@code corrupt}, or {@code unsupported} for an encrypted one and for
   *     other kinds
   */
  PrivateKey privateKey() {
    for (Block block : blocks) {
      if (block.label().endsWith("PRIVATE KEY")) {
        return privateKey(block);
      }
    }
    throw wrong("holds no PEM private key");
  }

  private PrivateKey privateKey(Block block) {
    // The older way to encrypt puts headers before the base64.
    if (block.label().startsWith("ENCRYPTED") || block.body().contains("ENCRYPTED")) {
      throw unsupported("holds an encrypted key, which a server cannot be asked for");
    }
    byte[] der = decode(block);
    return PrivateKeys.of(block.label(), der)
        .orElseThrow(() -> unsupported("holds a key of another kind than RSA or EC"));
  }

  private StorageException unsupported(String what) {
    return StorageException.of(
        Code.UNSUPPORTED, file, what + "; give it an RSA or EC key in the clear");
  }

  private byte[] decode(Block block) {
    try {
      return Base64.getMimeDecoder().decode(block.body());
    } catch (IllegalArgumentException e) {
      throw wrong("holds damaged base64");
    }
  }

  private StorageException wrong(String what) {
    return StorageException.of(Code.CORRUPT, file, what + "; name a PEM file");
  }
}
