package dev.cairn.snapshot.grpc;

import com.google.protobuf.ByteString;
import dev.cairn.etcd.proto.SnapshotRequest;
import dev.cairn.etcd.proto.SnapshotResponse;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that answers Snapshot as a test says, right or wrong. */
final class Script {
  /** What one call answers. */
  interface Answer {
    void give(Replies replies) throws Exception;
  }

  final AtomicInteger calls = new AtomicInteger();
  private final Answer answer;

  Script(Answer answer) {
    this.answer = answer;
  }

  ServerServiceDefinition service() {
    MethodDescriptor<SnapshotRequest, byte[]> method =
        SnapshotStreams.METHOD.toBuilder(SnapshotStreams.METHOD.getRequestMarshaller(), new Bytes())
            .setSchemaDescriptor(null)
            .build();
    return ServerServiceDefinition.builder("etcdserverpb.Maintenance")
        .addMethod(ServerMethodDefinition.create(method, (call, headers) -> start(call)))
        .build();
  }

  private ServerCall.Listener<SnapshotRequest> start(ServerCall<SnapshotRequest, byte[]> call) {
    call.request(1);
    call.sendHeaders(new Metadata());
    return new ServerCall.Listener<>() {
      @Override
      public void onHalfClose() {
        calls.incrementAndGet();
        try {
          answer.give(new Replies(call));
        } catch (Exception e) {
          throw new IllegalStateException(e);
        }
      }
    };
  }

  /** One call. */
  record Replies(ServerCall<SnapshotRequest, byte[]> call) {
    Replies blob(long remainingBytes, byte[] blob) {
      SnapshotResponse message =
          SnapshotResponse.newBuilder()
              .setRemainingBytes(remainingBytes)
              .setBlob(ByteString.copyFrom(blob))
              .build();
      return message(message.toByteArray());
    }

    Replies message(byte[] message) {
      call.sendMessage(message);
      return this;
    }

    /** The image as two messages with right announcements. */
    Replies image(byte[] image) {
      int half = image.length / 2;
      byte[] first = new byte[half];
      byte[] second = new byte[image.length - half];
      ByteBuffer.wrap(image).get(first).get(second);
      return blob(second.length, first).blob(0, second);
    }

    Replies hash(byte[] image) throws Exception {
      return blob(0, MessageDigest.getInstance("SHA-256").digest(image));
    }

    void end(Status status) {
      call.close(status, new Metadata());
    }
  }

  /** Messages as they are, so that wrong ones can be sent. */
  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] message) {
      return new ByteArrayInputStream(message);
    }

    @Override
    public byte[] parse(InputStream stream) {
      throw new UnsupportedOperationException("servers do not parse responses");
    }
  }
}
