package dev.cairn.snapshot.grpc;

import dev.cairn.etcd.EtcdView;
import dev.cairn.etcd.proto.DowngradeRequest;
import dev.cairn.etcd.proto.DowngradeResponse;
import dev.cairn.etcd.proto.MoveLeaderRequest;
import dev.cairn.etcd.proto.MoveLeaderResponse;
import dev.cairn.spi.ReadView;
import dev.cairn.store.Store;
import java.util.regex.Pattern;

/**
 * What is asked of a cluster. A store has no peers: it hands its leadership to nobody but itself,
 * and it changes no version. So it answers as an etcd that cannot: MoveLeader as a node that does
 * not lead, or one that leads and is given somebody whom it cannot reach; Downgrade, which etcd has
 * from 3.5 on, as one for which every target is a wrong one.
 */
final class ClusterAnswers {
  /** What etcd takes for the version of a cluster: with or without a patch level. */
  private static final Pattern VERSION = Pattern.compile("\\d+\\.\\d+(\\.\\d+)?");

  private final Store store;
  private final MaintenanceConfig config;

  ClusterAnswers(Store store, MaintenanceConfig config) {
    this.store = store;
    this.config = config;
  }

  MoveLeaderResponse moveLeader(MoveLeaderRequest request) {
    ServerIdentity self = config.identity().get();
    if (self.leaderId() == 0 || self.leaderId() != self.memberId()) {
      throw EtcdErrors.notLeader();
    }
    if (request.getTargetID() != self.memberId()) {
      throw EtcdErrors.badLeaderTransferee();
    }
    return MoveLeaderResponse.getDefaultInstance();
  }

  /** Never answers, but for the type that a method has to have. */
  DowngradeResponse downgrade(DowngradeRequest request) {
    return store.view(view -> refuse(view, request));
  }

  private static DowngradeResponse refuse(ReadView view, DowngradeRequest request) {
    boolean underWay = EtcdView.downgrade(view).filter(each -> each.enabled()).isPresent();
    switch (request.getAction()) {
      case VALIDATE, ENABLE -> refuseTarget(view, request.getVersion(), underWay);
      case CANCEL -> refuseCancel(underWay);
      case UNRECOGNIZED ->
          throw EtcdErrors.invalid(
              "downgrade action %d is unknown; take 0 to 2".formatted(request.getActionValue()));
    }
    throw new AssertionError("every action is refused");
  }

  private static void refuseTarget(ReadView view, String version, boolean underWay) {
    if (!VERSION.matcher(version).matches()) {
      throw EtcdErrors.wrongDowngradeVersionFormat();
    }
    if (EtcdView.clusterVersion(view).isEmpty()) {
      throw EtcdErrors.clusterVersionUnavailable();
    }
    throw underWay ? EtcdErrors.downgradeInProcess() : EtcdErrors.invalidDowngradeTargetVersion();
  }

  private static void refuseCancel(boolean underWay) {
    throw underWay
        ? EtcdErrors.refused("the downgrade was begun by an etcd; start that again to cancel it")
        : EtcdErrors.noInflightDowngrade();
  }
}
