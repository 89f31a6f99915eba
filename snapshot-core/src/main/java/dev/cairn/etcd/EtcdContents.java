package dev.cairn.etcd;

import dev.cairn.spi.ReadView;
import dev.cairn.store.Applied;

/**
 * What a server of etcd keeps in memory of a content beside its keys, all of one instant.
 * Immutable, and holds no view.
 *
 * @param applied how far the log is applied: etcd's consistent index, and its term
 * @param leases bucket {@code lease}
 * @param keySpace what bucket {@code key} comes to
 * @param alarms bucket {@code alarm}
 * @param auth users and roles
 * @param membership who belongs to the cluster
 */
public record EtcdContents(
    Applied applied,
    Leases leases,
    KeySpace keySpace,
    Alarms alarms,
    Auth auth,
    Membership membership) {
  /**
   * Reads all of it, the membership as the content has it.
   *
   * @param view left open
   * @return the contents
   * @throws dev.cairn.spi.StorageException {@code corrupt} for entries that are not etcd's; else as
   *     the view's calls
   */
  public static EtcdContents of(ReadView view) {
    return new EtcdContents(
        new EtcdApplied().read(view),
        Leases.of(view),
        KeySpace.of(view),
        Alarms.of(view),
        Auth.of(view),
        Membership.of(view));
  }
}
