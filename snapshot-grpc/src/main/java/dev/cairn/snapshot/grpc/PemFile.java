package dev.cairn.snapshot.grpc;

import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The blocks of a PEM file in their order; what stands between them is not looked at.
 *
 * @param path where it was read from
 * @param blocks all of them
 */
record PemFile(Path path, List<Block> blocks) {
  private static final String CERTIFICATE = "CERTIFICATE";
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*+(?:-(?!----)[^-]*+)*+)-----END \\1-----");

  /** Lines such as {@code Proc-Type: 4,ENCRYPTED} that old encrypted keys begin with. */
  private static final Pattern HEADER = Pattern.compile("(?m)^[A-Za-z0-9-]+:.*$");

  /**
   * A block.
   *
   * @param label such as {@code CERTIFICATE}
   * @param body what stands between its first and last line
   */
  record Block(String label, String body) {
    boolean hasHeaders() {
      return HEADER.matcher(body).find();
    }

    /**
     * The bytes.
     *
     * @throws IllegalArgumentException when it is not base64
     */
    byte[] bytes() {
      return Base64.getDecoder().decode(body.replaceAll("\\s", ""));
    }
  }

  /**
   * Reads a file.
   *
   * @throws StorageException {@code not-found}, {@code io}; {@code limit} for more than a mebibyte
   */
  static PemFile read(Path path) {
    return of(path, SmallFile.bytes(path));
  }

  /** What was read from a file. */
  static PemFile of(Path path, byte[] content) {
    List<Block> blocks = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(new String(content, StandardCharsets.ISO_8859_1));
    while (matcher.find()) {
      blocks.add(new Block(matcher.group(1), matcher.group(2)));
    }
    return new PemFile(path, List.copyOf(blocks));
  }

  /**
   * Its certificates.
   *
   * @return at least one
   * @throws StorageException {@code corrupt} when there is none or one cannot be read
   */
  List<X509Certificate> certificates() {
    List<X509Certificate> certificates = new ArrayList<>();
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      for (Block block : blocks) {
        if (block.label().equals(CERTIFICATE)) {
          ByteArrayInputStream der = new ByteArrayInputStream(block.bytes());
          certificates.add((X509Certificate) factory.generateCertificate(der));
        }
      }
    } catch (CertificateException | IllegalArgumentException damaged) {
      throw StorageException.of(
          Code.CORRUPT,
          path,
          "certificate %d cannot be read; write it again".formatted(certificates.size() + 1),
          damaged);
    }
    if (certificates.isEmpty()) {
      throw StorageException.of(
          Code.CORRUPT, path, "no certificate in it; name a PEM file with CERTIFICATE blocks");
    }
    return certificates;
  }
}
