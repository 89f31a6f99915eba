package dev.cairn.snapshot.grpc;

import dev.cairn.spi.StorageException.Code;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;

/** Refusals in etcd's words and with its statuses: its clients know them by their text. */
final class EtcdErrors {
  private EtcdErrors() {}

  static StatusRuntimeException compacted() {
    return outOfRange("etcdserver: mvcc: required revision has been compacted");
  }

  static StatusRuntimeException futureRevision() {
    return outOfRange("etcdserver: mvcc: required revision is a future revision");
  }

  private static StatusRuntimeException outOfRange(String text) {
    return of(Status.OUT_OF_RANGE, Code.LIMIT, text);
  }

  static StatusRuntimeException emptyKey() {
    return invalid("etcdserver: key is not provided");
  }

  static StatusRuntimeException invalidSortOption() {
    return invalid("etcdserver: invalid sort option");
  }

  static StatusRuntimeException wrongDowngradeVersionFormat() {
    return invalid("etcdserver: wrong downgrade target version format");
  }

  static StatusRuntimeException invalidDowngradeTargetVersion() {
    return invalid("etcdserver: invalid downgrade target version");
  }

  static StatusRuntimeException invalid(String text) {
    return of(Status.INVALID_ARGUMENT, Code.LIMIT, text);
  }

  static StatusRuntimeException notLeader() {
    return refused("etcdserver: not leader");
  }

  static StatusRuntimeException badLeaderTransferee() {
    return refused("etcdserver: bad leader transferee");
  }

  static StatusRuntimeException downgradeInProcess() {
    return refused("etcdserver: cluster has a downgrade job in progress");
  }

  static StatusRuntimeException noInflightDowngrade() {
    return refused("etcdserver: no inflight downgrade job");
  }

  static StatusRuntimeException clusterVersionUnavailable() {
    return of(
        Status.UNAVAILABLE,
        Code.UNAVAILABLE,
        "etcdserver: cluster version not found during downgrade");
  }

  static StatusRuntimeException refused(String text) {
    return of(Status.FAILED_PRECONDITION, Code.UNSUPPORTED, text);
  }

  static StatusRuntimeException exhausted(Code code, String text) {
    return of(Status.RESOURCE_EXHAUSTED, code, text);
  }

  private static StatusRuntimeException of(Status status, Code code, String text) {
    return status.withDescription(text).asRuntimeException(Statuses.trailers(code));
  }
}
