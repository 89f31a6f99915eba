package dev.cairn.snapshot.http;

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
import dev.cairn.etcd.proto.MoveLeaderRequest;
import dev.cairn.etcd.proto.MoveLeaderResponse;
import dev.cairn.etcd.proto.SnapshotRequest;
import dev.cairn.etcd.proto.SnapshotResponse;
import dev.cairn.etcd.proto.StatusRequest;
import dev.cairn.etcd.proto.StatusResponse;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.protobuf.ProtoUtils;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Which path is which method of the service. Immutable. */
final class MaintenancePaths {
  private static final String SERVICE = "etcdserverpb.Maintenance";

  /** The second is etcd 3.4's name for it; later ones know the first alone. */
  private static final String[] PREFIXES = {"/v3/maintenance/", "/v3beta/maintenance/"};

  /**
   * A method as the gateway calls it.
   *
   * @param empty a request that says nothing
   * @param descriptor how it is called
   */
  record Method(Message empty, MethodDescriptor<Message, Message> descriptor) {
    boolean isStream() {
      return descriptor.getType() == MethodType.SERVER_STREAMING;
    }
  }

  private final Map<String, Method> methods = new HashMap<>();

  MaintenancePaths() {
    unary("alarm", "Alarm", AlarmRequest.getDefaultInstance(), AlarmResponse.getDefaultInstance());
    unary(
        "status",
        "Status",
        StatusRequest.getDefaultInstance(),
        StatusResponse.getDefaultInstance());
    unary(
        "defragment",
        "Defragment",
        DefragmentRequest.getDefaultInstance(),
        DefragmentResponse.getDefaultInstance());
    unary("hash", "Hash", HashRequest.getDefaultInstance(), HashResponse.getDefaultInstance());
    unary(
        "hashkv",
        "HashKV",
        HashKVRequest.getDefaultInstance(),
        HashKVResponse.getDefaultInstance());
    unary(
        "transfer-leadership",
        "MoveLeader",
        MoveLeaderRequest.getDefaultInstance(),
        MoveLeaderResponse.getDefaultInstance());
    unary(
        "downgrade",
        "Downgrade",
        DowngradeRequest.getDefaultInstance(),
        DowngradeResponse.getDefaultInstance());
    add(
        "snapshot",
        "Snapshot",
        MethodType.SERVER_STREAMING,
        SnapshotRequest.getDefaultInstance(),
        SnapshotResponse.getDefaultInstance());
  }

  private void unary(String path, String name, Message request, Message response) {
    add(path, name, MethodType.UNARY, request, response);
  }

  private void add(String path, String name, MethodType type, Message request, Message response) {
    MethodDescriptor<Message, Message> descriptor =
        MethodDescriptor.newBuilder(
                ProtoUtils.<Message>marshaller(request), ProtoUtils.<Message>marshaller(response))
            .setType(type)
            .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, name))
            .build();
    for (String prefix : PREFIXES) {
      methods.put(prefix + path, new Method(request, descriptor));
    }
  }

  Optional<Method> find(String path) {
    return Optional.ofNullable(methods.get(path));
  }
}
