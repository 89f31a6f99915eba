package dev.cairn.snapshot.grpc;

import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.Message;
import dev.cairn.etcd.proto.AlarmRequest;
import dev.cairn.etcd.proto.AlarmResponse;
import dev.cairn.etcd.proto.DefragmentRequest;
import dev.cairn.etcd.proto.DefragmentResponse;
import dev.cairn.etcd.proto.DowngradeRequest;
import dev.cairn.etcd.proto.DowngradeResponse;
import dev.cairn.etcd.proto.HashKVRequest;
import dev.cairn.etcd.proto.HashKVResponse;
import dev.cairn.etcd.proto.HashRequest;
import dev.cairn.etcd.proto.HashResponse;
import dev.cairn.etcd.proto.MaintenanceOuterClass;
import dev.cairn.etcd.proto.MoveLeaderRequest;
import dev.cairn.etcd.proto.MoveLeaderResponse;
import dev.cairn.etcd.proto.SnapshotRequest;
import dev.cairn.etcd.proto.StatusRequest;
import dev.cairn.etcd.proto.StatusResponse;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import io.grpc.protobuf.ProtoServiceDescriptorSupplier;
import io.grpc.protobuf.ProtoUtils;

/** The eight methods, by hand: a snapshot's blobs need a marshaller that does not copy. */
final class MaintenanceMethods {
  private static final String SERVICE = "etcdserverpb.Maintenance";

  static final io.grpc.MethodDescriptor<AlarmRequest, AlarmResponse> ALARM =
      unary("Alarm", AlarmRequest.getDefaultInstance(), AlarmResponse.getDefaultInstance());
  static final io.grpc.MethodDescriptor<StatusRequest, StatusResponse> STATUS =
      unary("Status", StatusRequest.getDefaultInstance(), StatusResponse.getDefaultInstance());
  static final io.grpc.MethodDescriptor<DefragmentRequest, DefragmentResponse> DEFRAGMENT =
      unary(
          "Defragment",
          DefragmentRequest.getDefaultInstance(),
          DefragmentResponse.getDefaultInstance());
  static final io.grpc.MethodDescriptor<HashRequest, HashResponse> HASH =
      unary("Hash", HashRequest.getDefaultInstance(), HashResponse.getDefaultInstance());
  static final io.grpc.MethodDescriptor<HashKVRequest, HashKVResponse> HASH_KV =
      unary("HashKV", HashKVRequest.getDefaultInstance(), HashKVResponse.getDefaultInstance());
  static final io.grpc.MethodDescriptor<MoveLeaderRequest, MoveLeaderResponse> MOVE_LEADER =
      unary(
          "MoveLeader",
          MoveLeaderRequest.getDefaultInstance(),
          MoveLeaderResponse.getDefaultInstance());
  static final io.grpc.MethodDescriptor<DowngradeRequest, DowngradeResponse> DOWNGRADE =
      unary(
          "Downgrade",
          DowngradeRequest.getDefaultInstance(),
          DowngradeResponse.getDefaultInstance());

  private MaintenanceMethods() {}

  /**
   * Snapshot, with a parser of its own: the server's never parses, each call of a client has one.
   */
  static io.grpc.MethodDescriptor<SnapshotRequest, SnapshotFrame> snapshot(FrameParser frames) {
    return method(
        "Snapshot",
        MethodType.SERVER_STREAMING,
        ProtoUtils.marshaller(SnapshotRequest.getDefaultInstance()),
        frames);
  }

  /** The service, with the description of its messages for server reflection. */
  static io.grpc.ServiceDescriptor service(
      io.grpc.MethodDescriptor<SnapshotRequest, SnapshotFrame> snapshot) {
    return io.grpc.ServiceDescriptor.newBuilder(SERVICE)
        .setSchemaDescriptor(new Schema())
        .addMethod(ALARM)
        .addMethod(STATUS)
        .addMethod(DEFRAGMENT)
        .addMethod(HASH)
        .addMethod(HASH_KV)
        .addMethod(snapshot)
        .addMethod(MOVE_LEADER)
        .addMethod(DOWNGRADE)
        .build();
  }

  private static <Q extends Message, R extends Message> io.grpc.MethodDescriptor<Q, R> unary(
      String name, Q request, R response) {
    return method(
        name, MethodType.UNARY, ProtoUtils.marshaller(request), ProtoUtils.marshaller(response));
  }

  private static <Q, R> io.grpc.MethodDescriptor<Q, R> method(
      String name, MethodType type, Marshaller<Q> request, Marshaller<R> response) {
    return io.grpc.MethodDescriptor.newBuilder(request, response)
        .setType(type)
        .setFullMethodName(io.grpc.MethodDescriptor.generateFullMethodName(SERVICE, name))
        .setSchemaDescriptor(new MethodSchema(name))
        .build();
  }

  private static class Schema implements ProtoServiceDescriptorSupplier {
    @Override
    public FileDescriptor getFileDescriptor() {
      return MaintenanceOuterClass.getDescriptor();
    }

    @Override
    public ServiceDescriptor getServiceDescriptor() {
      return getFileDescriptor().findServiceByName("Maintenance");
    }
  }

  private static final class MethodSchema extends Schema implements ProtoMethodDescriptorSupplier {
    private final String name;

    MethodSchema(String name) {
      this.name = name;
    }

    @Override
    public MethodDescriptor getMethodDescriptor() {
      return getServiceDescriptor().findMethodByName(name);
    }
  }
}
