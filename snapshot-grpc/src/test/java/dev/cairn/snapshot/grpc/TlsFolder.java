package dev.cairn.snapshot.grpc;

import dev.cairn.store.Store;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A server's files as an operator has them, and clients that know its authority. */
final class TlsFolder {
  final TestCa ca;
  final Path directory;

  TlsFolder(Path directory) throws Exception {
    this.directory = directory;
    ca = new TestCa("authority");
    ca.self().writeCertificate(file("ca.crt"));
    renew();
  }

  Path file(String name) {
    return directory.resolve(name);
  }

  /** Gives the server a new certificate, as certificate managers do: by renaming. */
  TestCa.Issued renew() throws Exception {
    TestCa.Issued next = ca.issue("server");
    put(next.writeKey(file("new")), "server.key");
    put(next.writeCertificate(file("new")), "server.crt");
    return next;
  }

  private void put(Path file, String name) throws Exception {
    Files.move(file, file(name), StandardCopyOption.ATOMIC_MOVE);
  }

  ServerTls server() {
    return ServerTls.of(file("server.crt"), file("server.key"));
  }

  ServerTls mutual() {
    return server().withTrustedCaFile(file("ca.crt"));
  }

  /** A client with a certificate, or, for null, without. */
  MaintenanceClient client(MaintenanceServer server, TestCa.Issued identity) throws Exception {
    return client(server, identity, 30_000);
  }

  /** A client that is to be turned away, and gives up soon. */
  MaintenanceClient stranger(MaintenanceServer server, TestCa.Issued identity) throws Exception {
    return client(server, identity, 1_000);
  }

  private MaintenanceClient client(
      MaintenanceServer server, TestCa.Issued identity, long dialMillis) throws Exception {
    return new MaintenanceClient(
        channel(server, identity),
        "127.0.0.1:" + server.address().getPort(),
        ClientConfig.defaults().withDialMillis(dialMillis));
  }

  ManagedChannel channel(MaintenanceServer server, TestCa.Issued identity) throws Exception {
    SslContextBuilder tls = GrpcSslContexts.forClient().trustManager(ca.self().certificate());
    if (identity != null) {
      tls.keyManager(identity.keys().getPrivate(), identity.certificate());
    }
    return NettyChannelBuilder.forAddress("127.0.0.1", server.address().getPort())
        .sslContext(tls.build())
        .disableRetry()
        .maxInboundMessageSize(MaintenanceClient.MESSAGE_BYTES_MAX)
        .build();
  }

  static MaintenanceServer serve(Store store, ServerTls tls) {
    return serve(store, MaintenanceConfig.defaults(), tls);
  }

  static MaintenanceServer serve(Store store, MaintenanceConfig config, ServerTls tls) {
    InetSocketAddress free = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    return MaintenanceServer.start(store, free, config, tls);
  }
}
