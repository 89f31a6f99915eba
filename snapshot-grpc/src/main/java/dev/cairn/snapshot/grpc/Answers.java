package dev.cairn.snapshot.grpc;

import dev.cairn.etcd.EtcdDowngrade;
import dev.cairn.etcd.EtcdHash;
import dev.cairn.etcd.EtcdView;
import dev.cairn.etcd.proto.DefragmentRequest;
import dev.cairn.etcd.proto.DefragmentResponse;
import dev.cairn.etcd.proto.DowngradeInfo;
import dev.cairn.etcd.proto.HashKVRequest;
import dev.cairn.etcd.proto.HashKVResponse;
import dev.cairn.etcd.proto.HashRequest;
import dev.cairn.etcd.proto.HashResponse;
import dev.cairn.etcd.proto.ResponseHeader;
import dev.cairn.etcd.proto.StatusRequest;
import dev.cairn.etcd.proto.StatusResponse;
import dev.cairn.spi.ReadView;
import dev.cairn.store.Store;
import dev.cairn.store.StoreStats;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the service answers to single questions, each from one view of the store. */
final class Answers {
  private static final String NO_LEADER = "etcdserver: no leader";
  private static final long NEVER_COMPACTED = -1;

  private final Store store;
  private final MaintenanceConfig config;

  Answers(Store store, MaintenanceConfig config) {
    this.store = store;
    this.config = config;
  }

  StatusResponse status(StatusRequest request) {
    return store.view(this::status);
  }

  private StatusResponse status(ReadView view) {
    ServerIdentity self = config.identity().get();
    StoreStats stats = store.stats();
    long applied = Math.max(stats.applied().index(), EtcdView.consistentIndex(view));
    // A log notes late what is committed; what was applied had been before.
    long committed = Math.max(self.raftIndex(), applied);
    return versioned(view)
        .setHeader(header(view, self))
        .setVersion(config.version())
        .setDbSize(stats.backend().fileBytes())
        .setDbSizeInUse(stats.backend().liveBytes())
        .setLeader(self.leaderId())
        .setRaftTerm(term(view, self))
        .setRaftIndex(committed)
        .setRaftAppliedIndex(applied)
        .addAllErrors(errors(view, self))
        .setIsLearner(EtcdView.isLearner(view, self.memberId()))
        .build();
  }

  /**
   * What etcd tells from 3.6 on, where the content is of such a version. No quota is known here.
   */
  private static StatusResponse.Builder versioned(ReadView view) {
    StatusResponse.Builder status = StatusResponse.newBuilder();
    Optional<String> storage = EtcdView.storageVersion(view);
    Optional<EtcdDowngrade> downgrade = EtcdView.downgrade(view);
    if (storage.isPresent() || downgrade.isPresent()) {
      EtcdDowngrade told = downgrade.orElse(new EtcdDowngrade("", false));
      status
          .setStorageVersion(storage.orElse(""))
          .setDowngradeInfo(
              DowngradeInfo.newBuilder()
                  .setEnabled(told.enabled())
                  .setTargetVersion(told.targetVersion()));
    }
    return status;
  }

  /** What etcd complains of in its status, in its words and order. */
  private static List<String> errors(ReadView view, ServerIdentity self) {
    List<String> errors = new ArrayList<>();
    if (self.leaderId() == 0) {
      errors.add(NO_LEADER);
    }
    errors.addAll(EtcdView.alarms(view));
    return errors;
  }

  HashResponse hash(HashRequest request) {
    return store.view(
        view ->
            HashResponse.newBuilder()
                .setHeader(header(view, config.identity().get()))
                .setHash(EtcdHash.maintenance(view))
                .build());
  }

  HashKVResponse hashKv(HashKVRequest request) {
    return store.view(view -> hashKv(view, request.getRevision()));
  }

  private HashKVResponse hashKv(ReadView view, long revision) {
    long compacted = EtcdView.compactRevision(view);
    long current = EtcdView.currentRevision(view);
    if (revision > 0 && revision <= compacted) {
      throw EtcdErrors.compacted();
    }
    if (revision > current) {
      throw EtcdErrors.futureRevision();
    }
    return HashKVResponse.newBuilder()
        .setHeader(header(view, config.identity().get()))
        .setHash(EtcdHash.hashKv(view, revision))
        .setCompactRevision(compacted == 0 ? NEVER_COMPACTED : compacted)
        .setHashRevision(revision == 0 ? current : revision)
        .build();
  }

  DefragmentResponse defragment(DefragmentRequest request) {
    store.defragment();
    return DefragmentResponse.getDefaultInstance();
  }

  static ResponseHeader header(ReadView view, ServerIdentity self) {
    return ResponseHeader.newBuilder()
        .setClusterId(self.clusterId())
        .setMemberId(self.memberId())
        .setRevision(EtcdView.currentRevision(view))
        .setRaftTerm(term(view, self))
        .build();
  }

  /** The term of the log; where there is none, the term that the store last applied. */
  private static long term(ReadView view, ServerIdentity self) {
    return self.raftTerm() == 0 ? EtcdView.term(view) : self.raftTerm();
  }
}
