package dev.cairn.snapshot.grpc;

import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.net.Socket;
import java.nio.file.Path;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
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

  /** What clients of every kind can check. */
  private static final Set<String> KINDS = Set.of("RSA", "EC");

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
    List<X509Certificate> chain = PemFile.of(certFile, contents.get(0)).certificates();
    PrivateKey key = PemKey.read(PemFile.of(keyFile, contents.get(1)));
    if (!KINDS.contains(key.getAlgorithm())) {
      throw StorageException.of(
          Code.UNSUPPORTED, keyFile, "a server's key is RSA or EC, not " + key.getAlgorithm());
    }
    if (!PemKey.matches(key, chain.get(0).getPublicKey())) {
      throw StorageException.of(
          Code.CORRUPT, keyFile, "is not the key of the certificate in " + certFile);
    }
    return new Identity("pair " + ++pairs, chain, key);
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
