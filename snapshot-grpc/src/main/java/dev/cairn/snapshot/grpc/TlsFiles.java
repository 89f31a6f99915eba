package dev.cairn.snapshot.grpc;

import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;

/** Reads what {@link ClientTls} names. */
final class TlsFiles {
  private static final char[] NO_PASSWORD = {};

  private TlsFiles() {}

  /**
   * What a channel needs to encrypt.
   *
   * @throws StorageException {@code not-found}, {@code io}, {@code corrupt}, {@code unsupported} of
   *     a file; {@code unavailable} for a key that is not the certificate's
   */
  static SslContext context(ClientTls tls) {
    try {
      SslContextBuilder builder = GrpcSslContexts.forClient();
      if (tls.verificationSkipped()) {
        builder.trustManager(new TrustsEveryone());
      } else if (tls.caFile().isPresent()) {
        builder.trustManager(trusting(PemFile.read(tls.caFile().get()).certificates()));
      }
      if (tls.certFile().isPresent()) {
        show(builder, tls.certFile().get(), tls.keyFile().orElseThrow());
      }
      return builder.build();
    } catch (GeneralSecurityException | IOException e) {
      throw StorageException.of(Code.UNSUPPORTED, "this Java cannot use the certificates: " + e);
    }
  }

  private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  private static TrustManagerFactory trusting(List<X509Certificate> authorities)
      throws GeneralSecurityException, IOException {
    KeyStore store = emptyStore();
    for (int i = 0; i < authorities.size(); i++) {
      store.setCertificateEntry("ca" + i, authorities.get(i));
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory;
  }

  private static void show(SslContextBuilder builder, Path certFile, Path keyFile)
      throws GeneralSecurityException, IOException {
    List<X509Certificate> chain = PemFile.read(certFile).certificates();
    PrivateKey key = PemKey.read(PemFile.read(keyFile));
    if (!PemKey.matches(key, chain.get(0).getPublicKey())) {
      throw StorageException.of(
          Code.UNAVAILABLE, keyFile, "not the key of the certificate in " + certFile);
    }
    KeyStore store = emptyStore();
    store.setKeyEntry("client", key, NO_PASSWORD, chain.toArray(Certificate[]::new));
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, NO_PASSWORD);
    builder.keyManager(factory);
    if (key.getAlgorithm().startsWith("Ed")) {
      // BoringSSL, which is quicker, shows no certificate of this kind.
      GrpcSslContexts.configure(builder, SslProvider.JDK);
    }
  }
}
