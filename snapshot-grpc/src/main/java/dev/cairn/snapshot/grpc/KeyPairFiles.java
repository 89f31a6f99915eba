package dev.cairn.snapshot.grpc;

import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * A server's certificate and key out of two files, looked at again at every handshake. A handshake
 * asks three times, and must not get the certificate of before with the key of now: the name under
 * which it asks tells which pair it began with. Thread-safe.
 */
final class KeyPairFiles extends X509ExtendedKeyManager {
  /** The certificate comes first, then those between it and a trusted one. */
  private record Identity(String alias, List<X509Certificate> chain, PrivateKey key) {}

  private final Path certFile;
  private final Path keyFile;
  private final Reloading<Identity> files;

  /** Counted where {@link #files} makes one after the other. */
  private int pairs;

  private Identity latest;
  private Identity before;

  /**
   * Reads the files.
   *
   * @throws StorageException when one cannot be read, or the key is not that of the certificate
   */
  KeyPairFiles(Path certFile, Path keyFile) {
    this.certFile = certFile;
    this.keyFile = keyFile;
    this.files = new Reloading<>(List.of(certFile, keyFile), this::identity);
    this.latest = files.current();
    this.before = latest;
  }

  private Identity identity(List<byte[]> contents) {
    List<X509Certificate> chain = new Pem(certFile, contents.get(0)).certificates();
    PrivateKey key = new Pem(keyFile, contents.get(1)).privateKey();
    if (!belong(chain.get(0).getPublicKey(), key)) {
      throw StorageException.of(
          Code.CORRUPT, keyFile, "is not the key of the certificate in " + certFile);
    }
    return new Identity("pair " + ++pairs, chain, key);
  }

  /** Whether the one verifies what the other signs. */
  private static boolean belong(PublicKey certified, PrivateKey key) {
    byte[] message = {1};
    try {
      Signature signature =
          Signature.getInstance(
              key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA");
      signature.initSign(key);
      signature.update(message);
      byte[] signed = signature.sign();
      signature.initVerify(certified);
      signature.update(message);
      return signature.verify(signed);
    } catch (GeneralSecurityException another) {
      return false;
    }
  }

  @Override
  public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
    return choose(keyType);
  }

  @Override
  public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
    return choose(keyType);
  }

  @Override
  public String[] getServerAliases(String keyType, Principal[] issuers) {
    String alias = choose(keyType);
    return alias == null ? null : new String[] {alias};
  }

  private synchronized String choose(String keyType) {
    Identity now = files.current();
    if (now != latest) {
      before = latest;
      latest = now;
    }
    return now.key().getAlgorithm().equals(keyType) ? now.alias() : null;
  }

  private synchronized Identity named(String alias) {
    return before.alias().equals(alias) ? before : latest;
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    return named(alias).chain().toArray(X509Certificate[]::new);
  }

  @Override
  public PrivateKey getPrivateKey(String alias) {
    return named(alias).key();
  }

  @Override
  public String[] getClientAliases(String keyType, Principal[] issuers) {
    return null;
  }

  @Override
  public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
    return null;
  }
}
