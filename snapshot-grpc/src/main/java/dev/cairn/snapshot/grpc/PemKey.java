package dev.cairn.snapshot.grpc;

import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;

/** The private key of a PEM file, in whichever of the usual shapes it stands there. */
final class PemKey {
  private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA", "RSASSA-PSS");
  private static final String READABLE =
      "a private key is read that is not encrypted: PKCS#8, PKCS#1 (RSA) or SEC1 (EC) in PEM";

  private PemKey() {}

  /**
   * Reads the first key.
   *
   * @throws StorageException {@code not-found}, {@code io}; {@code corrupt} when there is none or
   *     it is damaged; {@code unsupported} for one that is encrypted or of an unknown kind
   */
  static PrivateKey read(PemFile file) {
    PemFile.Block block =
        file.blocks().stream()
            .filter(each -> each.label().endsWith("PRIVATE KEY"))
            .findFirst()
            .orElseThrow(() -> refused(Code.CORRUPT, file, "no private key in it", null));
    if (block.hasHeaders() || block.label().equals("ENCRYPTED PRIVATE KEY")) {
      throw refused(Code.UNSUPPORTED, file, "the key is encrypted", null);
    }
    try {
      return key(file, pkcs8(file, block));
    } catch (IllegalArgumentException damaged) {
      throw refused(Code.CORRUPT, file, "the key is damaged", damaged);
    }
  }

  private static byte[] pkcs8(PemFile file, PemFile.Block block) {
    return switch (block.label()) {
      case "PRIVATE KEY" -> block.bytes();
      case "RSA PRIVATE KEY" -> Der.pkcs8OfRsa(block.bytes());
      case "EC PRIVATE KEY" -> Der.pkcs8OfEc(block.bytes());
      default -> throw refused(Code.UNSUPPORTED, file, "a key of the kind " + block.label(), null);
    };
  }

  private static PrivateKey key(PemFile file, byte[] pkcs8) {
    Exception last = null;
    for (String algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
      } catch (InvalidKeySpecException | NoSuchAlgorithmException another) {
        last = another;
      }
    }
    throw refused(
        Code.UNSUPPORTED, file, "the key is damaged or of a kind or curve that Java lacks", last);
  }

  private static StorageException refused(Code code, PemFile file, String what, Exception cause) {
    return StorageException.of(code, file.path(), what + "; " + READABLE, cause);
  }

  /** Whether a key is that of a certificate. */
  static boolean matches(PrivateKey key, PublicKey certified) {
    if (key instanceof RSAKey mine && certified instanceof RSAKey theirs) {
      return mine.getModulus().equals(theirs.getModulus());
    }
    String algorithm = certified.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "EdDSA";
    byte[] sample = {1, 2, 3, 4};
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      signature.update(sample);
      byte[] signed = signature.sign();
      signature.initVerify(certified);
      signature.update(sample);
      return signature.verify(signed);
    } catch (GeneralSecurityException ofAnotherKind) {
      return false;
    }
  }
}
