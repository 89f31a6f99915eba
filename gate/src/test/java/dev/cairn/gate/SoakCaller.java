package dev.cairn.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.cairn.etcd.EtcdHash;
import dev.cairn.etcd.EtcdView;
import dev.cairn.etcd.proto.AlarmMember;
import dev.cairn.etcd.proto.AlarmRequest;
import dev.cairn.etcd.proto.AlarmResponse;
import dev.cairn.etcd.proto.AlarmType;
import dev.cairn.etcd.proto.HashKVRequest;
import dev.cairn.etcd.proto.HashKVResponse;
import dev.cairn.etcd.proto.RangeRequest;
import dev.cairn.etcd.proto.RangeResponse;
import dev.cairn.snapshot.SaveOptions;
import dev.cairn.snapshot.SnapshotFile;
import dev.cairn.snapshot.grpc.ClientConfig;
import dev.cairn.snapshot.grpc.MaintenanceClient;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/** What callers of a served store do, and what has to be so whenever they do it. Thread-safe. */
final class SoakCaller implements AutoCloseable {
  private static final MethodDescriptor<HashKVRequest, HashKVResponse> HASH_KV =
      method(
          "Maintenance/HashKV",
          HashKVRequest.getDefaultInstance(),
          HashKVResponse.getDefaultInstance());
  private static final MethodDescriptor<AlarmRequest, AlarmResponse> ALARM =
      method(
          "Maintenance/Alarm",
          AlarmRequest.getDefaultInstance(),
          AlarmResponse.getDefaultInstance());
  private static final MethodDescriptor<RangeRequest, RangeResponse> RANGE =
      method("KV/Range", RangeRequest.getDefaultInstance(), RangeResponse.getDefaultInstance());

  /** On a machine that is busy with other things the first call of a process takes a while. */
  private static final ClientConfig PATIENT = ClientConfig.defaults().withDialMillis(60_000);

  private final String endpoint;
  private final SoakContent content;
  private final MaintenanceClient client;
  private final ManagedChannel channel;
  private final AtomicLong files = new AtomicLong();
  private final AtomicLong hashesCompared = new AtomicLong();

  SoakCaller(String endpoint, SoakContent content) {
    this.endpoint = endpoint;
    this.content = content;
    client = MaintenanceClient.connect(endpoint, PATIENT);
    channel = NettyChannelBuilder.forTarget("dns:///" + endpoint).usePlaintext().build();
  }

  private static <Q extends Message, R extends Message> MethodDescriptor<Q, R> method(
      String name, Q request, R response) {
    return MethodDescriptor.newBuilder(
            ProtoUtils.marshaller(request), ProtoUtils.marshaller(response))
        .setType(MethodDescriptor.MethodType.UNARY)
        .setFullMethodName("etcdserverpb." + name)
        .build();
  }

  private <Q, R> R ask(MethodDescriptor<Q, R> method, Q request) {
    return ClientCalls.blockingUnaryCall(channel, method, CallOptions.DEFAULT, request);
  }

  /** Saves a snapshot, verifies it, and compares its key space with the server's. */
  void save(Path directory) throws IOException {
    Path target = directory.resolve("saved-" + files.incrementAndGet() + ".db");
    SnapshotFile saved = client.save(target, SaveOptions.defaults());
    saved.verify();
    try (ReadView view = saved.openView()) {
      long revision = EtcdView.currentRevision(view);
      compareHash(revision, EtcdView.compactRevision(view), EtcdHash.hashKv(view, 0));
    }
    Files.delete(target);
  }

  /** The server's hash at a revision; it stays the same until the next compaction. */
  private void compareHash(long revision, long compacted, int hash) {
    try {
      HashKVRequest request = HashKVRequest.newBuilder().setRevision(revision).build();
      HashKVResponse answer = ask(HASH_KV, request);
      if (Math.max(0, answer.getCompactRevision()) == Math.max(0, compacted)) {
        assertEquals(hash, answer.getHash(), () -> "HashKV at revision " + revision);
        hashesCompared.incrementAndGet();
      }
    } catch (StatusRuntimeException e) {
      refuseUnlessCompacted(revision, e);
    }
  }

  private void refuseUnlessCompacted(long revision, StatusRuntimeException e) {
    boolean compacted =
        e.getStatus().getCode() == Status.Code.OUT_OF_RANGE && revision <= content.compacted();
    if (!compacted) {
      throw e;
    }
  }

  long hashesCompared() {
    return hashesCompared.get();
  }

  /** Reads a part of a snapshot and closes the channel. */
  void cancel() throws IOException {
    try (ReadableByteChannel snapshot = client.openSnapshot()) {
      readSome(snapshot);
    }
  }

  /** Reads a part of a snapshot and is gone, as a process that is killed. */
  void breakOff() throws IOException {
    MaintenanceClient gone = MaintenanceClient.connect(endpoint, PATIENT);
    try (ReadableByteChannel snapshot = gone.openSnapshot()) {
      readSome(snapshot);
      gone.close();
      readSome(snapshot);
    } catch (StorageException e) {
      assertEquals(StorageException.Code.UNAVAILABLE, e.code(), e.getMessage());
    } finally {
      gone.close();
    }
  }

  private static void readSome(ReadableByteChannel snapshot) throws IOException {
    ByteBuffer piece = ByteBuffer.allocate(ThreadLocalRandom.current().nextInt(1, 3 << 20));
    while (piece.hasRemaining() && snapshot.read(piece) >= 0) {
      // What was read is of no use here.
    }
  }

  void status() {
    long before = client.status().revision();
    assertTrue(client.status().revision() >= before);
    assertEquals(List.of("etcdserver: no leader"), withoutAlarms(client.status().errors()));
  }

  private static List<String> withoutAlarms(List<String> errors) {
    return errors.stream().filter(each -> !each.contains("alarm:")).toList();
  }

  void hash() {
    assertTrue(client.hash().revision() > SoakContent.LIVING);
    HashKVResponse newest = ask(HASH_KV, HashKVRequest.getDefaultInstance());
    compareHash(newest.getHeader().getRevision(), newest.getCompactRevision(), newest.getHash());
  }

  /** A key by itself, all that live, and the first of them. */
  void range() {
    ByteString all = ByteString.copyFrom(new byte[1]);
    RangeRequest.Builder range = RangeRequest.newBuilder().setKey(all).setRangeEnd(all);
    RangeResponse count = ask(RANGE, range.setCountOnly(true).build());
    assertEquals(SoakContent.LIVING, count.getCount());
    long revision = count.getHeader().getRevision();
    try {
      range.setCountOnly(false).setRevision(revision).setLimit(10);
      RangeResponse first = ask(RANGE, range.build());
      assertEquals(SoakContent.LIVING, first.getCount());
      assertTrue(first.getMore());
      assertEquals(SoakContent.key(revision - SoakContent.LIVING + 1), first.getKvs(0).getKey());
      RangeRequest one = RangeRequest.newBuilder().setKey(SoakContent.key(revision)).build();
      assertEquals(revision, ask(RANGE, one).getKvs(0).getModRevision());
    } catch (StatusRuntimeException e) {
      refuseUnlessCompacted(revision, e);
    }
  }

  void alarm() {
    AlarmRequest.Builder request =
        AlarmRequest.newBuilder().setMemberID(7).setAlarm(AlarmType.NOSPACE);
    List<AlarmMember> active = ask(ALARM, request.setActionValue(1).build()).getAlarmsList();
    assertEquals(active, ask(ALARM, request.setActionValue(0).build()).getAlarmsList());
    assertEquals(active, ask(ALARM, request.setActionValue(2).build()).getAlarmsList());
  }

  void health() {
    assertEquals(
        ServingStatus.SERVING,
        HealthGrpc.newBlockingStub(channel)
            .check(HealthCheckRequest.getDefaultInstance())
            .getStatus());
  }

  void defragment() {
    client.defragment();
  }

  @Override
  public void close() {
    client.close();
    channel.shutdownNow();
  }
}
