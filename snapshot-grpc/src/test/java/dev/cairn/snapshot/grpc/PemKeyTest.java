package dev.cairn.snapshot.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.testkit.TestRun;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys as people have them: three envelopes, and what cannot be read. */
class PemKeyTest {
  /** OCTET STRING of 32 bytes, as it stands in the SEC1 form of a key on P-256. */
  private static final byte[] NUMBER_OF_P256 = {0x04, 0x20};

  /** [0] { 1.2.840.10045.3.1.7 }. */
  private static final byte[] P256 = {
    (byte) 0xA0, 0x0A, 0x06, 0x08, 0x2A, (byte) 0x86, 0x48, (byte) 0xCE, 0x3D, 0x03, 0x01, 0x07
  };

  @TempDir Path directory;

  private static KeyPair keys(String algorithm, int size) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    if (size > 0) {
      generator.initialize(size);
    }
    return generator.generateKeyPair();
  }

  private PemFile pem(String label, byte[] bytes) throws IOException {
    return pem(label, "", bytes);
  }

  private PemFile pem(String label, String headers, byte[] bytes) throws IOException {
    String body = headers + Base64.getMimeEncoder().encodeToString(bytes);
    return text(
        "a comment\n-----BEGIN "
            + label
            + "-----\r\n"
            + body
            + "\r\n-----END "
            + label
            + "-----\n");
  }

  private PemFile text(String text) throws IOException {
    return PemFile.read(Files.writeString(directory.resolve("key.pem"), text));
  }

  /** What PKCS#8 wraps, which for RSA is PKCS#1. */
  private static byte[] innermost(byte[] pkcs8, int from) {
    return Arrays.copyOfRange(pkcs8, from, pkcs8.length);
  }

  /** SEC1 of P-256, with the name of its curve or without. */
  private static byte[] sec1(KeyPair keys, boolean withCurve) {
    byte[] pkcs8 = keys.getPrivate().getEncoded();
    int at = 0;
    while (pkcs8[at] != NUMBER_OF_P256[0] || pkcs8[at + 1] != NUMBER_OF_P256[1]) {
      at++;
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(new byte[] {0x02, 0x01, 0x01});
    body.write(pkcs8, at, 34);
    body.writeBytes(withCurve ? P256 : new byte[0]);
    byte[] whole = new byte[2 + body.size()];
    ByteBuffer.wrap(whole).put((byte) 0x30).put((byte) body.size()).put(body.toByteArray());
    return whole;
  }

  @ParameterizedTest
  @CsvSource({"RSA, 2048", "EC, 256", "EC, 384", "EC, 521", "Ed25519, 0"})
  void pkcs8(String algorithm, int size) throws Exception {
    KeyPair keys = keys(algorithm, size);
    PemFile file = pem("PRIVATE KEY", keys.getPrivate().getEncoded());
    assertEquals(keys.getPrivate(), PemKey.read(file));
    assertTrue(PemKey.matches(keys.getPrivate(), keys.getPublic()));
    assertFalse(PemKey.matches(keys.getPrivate(), keys(algorithm, size).getPublic()));
  }

  @ParameterizedTest
  @CsvSource({"1024", "2048", "3072"})
  void pkcs1(int bits) throws Exception {
    KeyPair keys = keys("RSA", bits);
    PemFile file = pem("RSA PRIVATE KEY", innermost(keys.getPrivate().getEncoded(), 26));
    assertEquals(keys.getPrivate(), PemKey.read(file));
  }

  /** openssl writes the curve in a block of its own before the key. */
  @Test
  void sec1() throws Exception {
    KeyPair keys = keys("EC", 256);
    String key = Base64.getEncoder().encodeToString(sec1(keys, true));
    PemFile file =
        text(
            "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"
                + "-----BEGIN EC PRIVATE KEY-----\n"
                + key
                + "\n-----END EC PRIVATE KEY-----\n");
    assertTrue(PemKey.matches(PemKey.read(file), keys.getPublic()));
  }

  @Test
  void aKeyOfAnotherKindDoesNotMatch() throws Exception {
    KeyPair rsa = keys("RSA", 2048);
    KeyPair ec = keys("EC", 256);
    assertFalse(PemKey.matches(rsa.getPrivate(), ec.getPublic()));
    assertFalse(PemKey.matches(ec.getPrivate(), rsa.getPublic()));
  }

  private void refused(Code code, String word, PemFile file) {
    StorageException e = assertThrows(StorageException.class, () -> PemKey.read(file));
    assertEquals(code, e.code(), e.getMessage());
    assertTrue(e.getMessage().contains(word) && e.getMessage().contains("key.pem"), e.getMessage());
    assertTrue(e.getMessage().contains("PKCS#8"), e.getMessage());
  }

  @Test
  void whatIsNotReadIsSaidWithWhatIs() throws Exception {
    byte[] key = keys("EC", 256).getPrivate().getEncoded();
    refused(Code.UNSUPPORTED, "encrypted", pem("ENCRYPTED PRIVATE KEY", key));
    refused(
        Code.UNSUPPORTED,
        "encrypted",
        pem("RSA PRIVATE KEY", "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\n", key));
    refused(Code.UNSUPPORTED, "DSA PRIVATE KEY", pem("DSA PRIVATE KEY", key));
    refused(Code.CORRUPT, "no private key", pem("PUBLIC KEY", key));
    refused(Code.CORRUPT, "no private key", text(""));
    refused(Code.CORRUPT, "damaged", pem("EC PRIVATE KEY", sec1(keys("EC", 256), false)));
    refused(
        Code.CORRUPT, "damaged", text("-----BEGIN PRIVATE KEY-----\n*\n-----END PRIVATE KEY-----"));
  }

  @Test
  void aFileThatIsMuchTooLongIsNotRead() throws IOException {
    Path file = Files.write(directory.resolve("large"), new byte[(1 << 20) + 1]);
    StorageException e = assertThrows(StorageException.class, () -> PemFile.read(file));
    assertEquals(Code.LIMIT, e.code());
  }

  /** Whatever the bytes, a key or one of our errors. */
  @Test
  void damagedBytes() throws Exception {
    long seed = TestRun.seed(PemKeyTest.class);
    Random random = new Random(seed);
    byte[] key = sec1(keys("EC", 256), true);
    int count = TestRun.count(2_000, 50_000);
    int readable = 0;
    for (int i = 0; i < count; i++) {
      byte[] damaged = Arrays.copyOf(key, i % 4 == 0 ? random.nextInt(key.length) : key.length);
      if (damaged.length > 0) {
        damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      }
      try {
        PemKey.read(pem("EC PRIVATE KEY", damaged));
        readable++;
      } catch (StorageException expected) {
        assertTrue(expected.getMessage().contains("key.pem"));
      }
    }
    TestRun.report("damaged keys", count);
    TestRun.report("damaged keys that are keys still", readable);
  }
}
