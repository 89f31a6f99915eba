package dev.cairn.cli;

import com.google.protobuf.ByteString;
import dev.cairn.etcd.proto.SnapshotResponse;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** A Maintenance server that answers Snapshot with whatever a test says. */
final class WrongServer implements AutoCloseable {
  private static final String SERVICE = "etcdserverpb.Maintenance";
  private static final MethodDescriptor<byte[], byte[]> SNAPSHOT =
      MethodDescriptor.newBuilder(new Bytes(), new Bytes())
          .setType(MethodType.SERVER_STREAMING)
          .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, "Snapshot"))
          .build();

  /** What one call answers. */
  interface Answer {
    void give(Call call);
  }

  private final Server server;

  private WrongServer(Server server) {
    this.server = server;
  }

  static WrongServer start(Answer answer) throws IOException {
    ServerServiceDefinition service =
        ServerServiceDefinition.builder(SERVICE)
            .addMethod(
                ServerMethodDefinition.create(SNAPSHOT, (call, headers) -> take(call, answer)))
            .build();
    Server server =
        Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
            .addService(service)
            .build();
    return new WrongServer(server.start());
  }

  private static ServerCall.Listener<byte[]> take(ServerCall<byte[], byte[]> call, Answer answer) {
    call.request(1);
    call.sendHeaders(new Metadata());
    return new ServerCall.Listener<>() {
      @Override
      public void onHalfClose() {
        answer.give(new Call(call));
      }
    };
  }

  String endpoint() {
    return "127.0.0.1:" + server.getPort();
  }

  @Override
  public void close() {
    server.shutdownNow();
  }

  /** A call in progress. */
  record Call(ServerCall<byte[], byte[]> call) {
    Call send(long remainingBytes, byte[] blob) {
      call.sendMessage(
          SnapshotResponse.newBuilder()
              .setRemainingBytes(remainingBytes)
              .setBlob(ByteString.copyFrom(blob))
              .build()
              .toByteArray());
      return this;
    }

    void end(Status status) {
      call.close(status, new Metadata());
    }
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] message) {
      return new ByteArrayInputStream(message);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try (stream) {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
