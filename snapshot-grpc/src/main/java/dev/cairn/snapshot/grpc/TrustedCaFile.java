package dev.cairn.snapshot.grpc;

import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Judges the certificates of clients by the authorities in one file, looked at again at every
 * handshake. Thread-safe.
 */
final class TrustedCaFile extends X509ExtendedTrustManager {
  private final Path file;
  private final Reloading<X509ExtendedTrustManager> authorities;

  /**
   * Reads the file.
   *
   * @throws StorageException when it cannot be read or holds no certificate
   */
  TrustedCaFile(Path file) {
    this.file = file;
    this.authorities = new Reloading<>(List.of(file), this::judge);
  }

  private X509ExtendedTrustManager judge(List<byte[]> contents) {
    try {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      for (X509Certificate each : PemFile.of(file, contents.get(0)).certificates()) {
        trusted.setCertificateEntry(String.valueOf(trusted.size()), each);
      }
      TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(trusted);
      return (X509ExtendedTrustManager) factory.getTrustManagers()[0];
    } catch (GeneralSecurityException | IOException e) {
      throw StorageException.of(
          Code.UNSUPPORTED, file, "holds certificates that this Java cannot trust", e);
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    authorities.current().checkClientTrusted(chain, authType, engine);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    authorities.current().checkClientTrusted(chain, authType, socket);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    authorities.current().checkClientTrusted(chain, authType);
  }

  /** None: asked once, so naming them would hide a later authority from clients that choose. */
  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    throw noServers();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    throw noServers();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw noServers();
  }

  private CertificateException noServers() {
    return new CertificateException(file + " is for the certificates of clients");
  }
}
