package dev.cairn.snapshot.grpc;

import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;

/**
 * Who a server is to its clients, and which clients it lets in: TLS 1.2 and 1.3 from PEM files, as
 * etcd has them. Immutable and thread-safe; it holds nothing that must be closed.
 *
 * <p>The files are looked at again at every handshake, so that a renewed certificate or authority
 * is in use from the next connection on; connections that are there keep theirs. Files that are
 * replaced by others that cannot be used (half written, a key of another certificate) are logged
 * once, and what was read before stays in use.
 *
 * <p>Keys are RSA or EC, in PKCS#8 ({@code PRIVATE KEY}), PKCS#1 ({@code RSA PRIVATE KEY}) or SEC1
 * ({@code EC PRIVATE KEY}). Encrypted keys and Ed25519 are refused.
 */
public final class ServerTls {
  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

  /** A session that is taken up again is not judged again, so it is soon too old for that. */
  private static final int SESSION_SECONDS_MAX = 60;

  private final KeyPairFiles identity;

  /** Null where everybody is let in. */
  private final TrustedCaFile trusted;

  private ServerTls(KeyPairFiles identity, TrustedCaFile trusted) {
    this.identity = identity;
    this.trusted = trusted;
  }

  /**
   * A server that asks its clients for no certificate.
   *
   * @param certFile its certificate, and behind it those between it and a root, PEM
   * @param keyFile the key of that certificate, PEM
   * @return an identity whose files have been read
   * @throws StorageException {@code not-found} or {@code io} when a file cannot be read; {@code
   *     corrupt} when it is no such PEM file, or the key is that of another certificate; {@code
   *     unsupported} for an encrypted key or one of another kind; {@code limit} for a file of more
   *     than 1 MiB
   */
  public static ServerTls of(Path certFile, Path keyFile) {
    return new ServerTls(new KeyPairFiles(certFile, keyFile), null);
  }

  /**
   * The same for a server that lets only those clients in who have a certificate of one of these
   * authorities (mTLS).
   *
   * @param trustedCaFile the certificates of the authorities, PEM
   * @return a changed copy
   * @throws StorageException as {@link #of}
   */
  public ServerTls withTrustedCaFile(Path trustedCaFile) {
    return new ServerTls(identity, new TrustedCaFile(trustedCaFile));
  }

  /**
   * Whether clients must have a certificate. Whoever uses {@link #sslContext()} demands it of each
   * connection ({@code setNeedClientAuth}): a context cannot say so itself.
   *
   * @return true for mTLS
   */
  public boolean clientCertAuth() {
    return trusted != null;
  }

  /**
   * The same identity for other doors than gRPC's, for example an HTTPS server.
   *
   * @return a new context, that follows the files as well
   * @throws StorageException {@code unsupported} when this Java has no TLS
   */
  public SSLContext sslContext() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(new KeyManager[] {identity}, trustManagers(), null);
      context.getServerSessionContext().setSessionTimeout(SESSION_SECONDS_MAX);
      return context;
    } catch (GeneralSecurityException e) {
      throw noTls(e);
    }
  }

  private TrustManager[] trustManagers() {
    return trusted == null ? new TrustManager[0] : new TrustManager[] {trusted};
  }

  /** The same for Netty, with HTTP/2 as the protocol inside. */
  SslContext nettyContext() {
    SslContextBuilder builder =
        GrpcSslContexts.configure(SslContextBuilder.forServer(identity))
            .protocols(PROTOCOLS)
            .sessionTimeout(SESSION_SECONDS_MAX);
    if (trusted != null) {
      builder.trustManager(trusted).clientAuth(ClientAuth.REQUIRE);
    }
    try {
      return builder.build();
    } catch (SSLException e) {
      throw noTls(e);
    }
  }

  private static StorageException noTls(Exception cause) {
    return StorageException.of(
        Code.UNSUPPORTED, "this Java offers no TLS for a server: " + cause.getMessage());
  }
}
