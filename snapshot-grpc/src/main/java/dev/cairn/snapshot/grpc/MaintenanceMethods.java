package dev.cairn.snapshot.grpc;

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
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServiceDescriptor;
import io.grpc.protobuf.ProtoUtils;

/** The eight methods, by hand: a snapshot's blobs need a marshaller that does not copy. */
final class MaintenanceMethods {
  static final ServiceSchema SCHEMA =
      new ServiceSchema(MaintenanceOuterClass.getDescriptor(), "Maintenance");

  static final MethodDescriptor<AlarmRequest, AlarmResponse> ALARM =
      SCHEMA.unary("Alarm", AlarmRequest.getDefaultInstance(), AlarmResponse.getDefaultInstance());
  static final MethodDescriptor<StatusRequest, StatusResponse> STATUS =
      SCHEMA.unary(
          "Status", StatusRequest.getDefaultInstance(), StatusResponse.getDefaultInstance());
  static final MethodDescriptor<DefragmentRequest, DefragmentResponse> DEFRAGMENT =
      SCHEMA.unary(
          "Defragment",
          DefragmentRequest.getDefaultInstance(),
          DefragmentResponse.getDefaultInstance());
  static final MethodDescriptor<HashRequest, HashResponse> HASH =
      SCHEMA.unary("Hash", HashRequest.getDefaultInstance(), HashResponse.getDefaultInstance());
  static final MethodDescriptor<HashKVRequest, HashKVResponse> HASH_KV =
      SCHEMA.unary(
          "HashKV", HashKVRequest.getDefaultInstance(), HashKVResponse.getDefaultInstance());
  static final MethodDescriptor<MoveLeaderRequest, MoveLeaderResponse> MOVE_LEADER =
      SCHEMA.unary(
          "MoveLeader",
          MoveLeaderRequest.getDefaultInstance(),
          MoveLeaderResponse.getDefaultInstance());
  static final MethodDescriptor<DowngradeRequest, DowngradeResponse> DOWNGRADE =
      SCHEMA.unary(
          "Downgrade",
          DowngradeRequest.getDefaultInstance(),
          DowngradeResponse.getDefaultInstance());

  private MaintenanceMethods() {}

  /**
   * Snapshot, with a parser of its own: the server's never parses, each call of a client has one.
   */
  static MethodDescriptor<SnapshotRequest, SnapshotFrame> snapshot(FrameParser frames) {
    return SCHEMA.method(
        "Snapshot",
        MethodType.SERVER_STREAMING,
        ProtoUtils.marshaller(SnapshotRequest.getDefaultInstance()),
        frames);
  }

  /** The service, with the description of its messages for server reflection. */
  static ServiceDescriptor service(MethodDescriptor<SnapshotRequest, SnapshotFrame> snapshot) {
    return SCHEMA
        .descriptor()
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
}
