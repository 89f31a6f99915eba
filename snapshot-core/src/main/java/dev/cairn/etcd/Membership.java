package dev.cairn.etcd;

import dev.cairn.spi.Cursor;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Who belongs to a cluster. Immutable.
 *
 * @param members in the order of their ids
 * @param removed ids of those that are gone for good, in their order
 * @param clusterVersion that the members agreed on, such as {@code 3.4.0}; empty before they did
 */
public record Membership(
    List<Member> members, List<Long> removed, Optional<String> clusterVersion) {
  /**
   * Copies and sorts the lists.
   *
   * @param members as above
   * @param removed as above
   * @param clusterVersion as above
   */
  public Membership {
    members =
        members.stream().sorted(Comparator.comparing(Member::id, Long::compareUnsigned)).toList();
    removed = removed.stream().sorted(Long::compareUnsigned).toList();
  }

  /**
   * As the buckets {@code members}, {@code members_removed} and {@code cluster} have it.
   *
   * @param view left open
   * @return the membership
   * @throws StorageException {@code corrupt} for entries that are not etcd's; else as the view's
   *     calls
   */
  public static Membership of(ReadView view) {
    List<Member> members = new ArrayList<>();
    if (view.buckets().contains(EtcdBuckets.MEMBERS)) {
      try (Cursor cursor = view.openCursor(EtcdBuckets.MEMBERS)) {
        while (cursor.next()) {
          members.add(member(cursor.key(), cursor.value()));
        }
      }
    }
    return new Membership(members, removed(view), EtcdView.clusterVersion(view));
  }

  /**
   * As the v2 document of a raft snapshot has it: up to etcd 3.5 it is what counts.
   *
   * @param document of the snapshot
   * @return the membership
   */
  public static Membership of(V2Document document) {
    return new Membership(document.members(), document.removed(), document.clusterVersion());
  }

  /**
   * As a member takes it from a snapshot: from the v2 document that came with it, where that names
   * members, else from the content.
   *
   * @param view left open
   * @param document the data of the raft snapshot; may be empty
   * @return the membership
   * @throws StorageException {@code corrupt}; {@code unsupported} as {@link
   *     V2Document#checkOnlyMembership}; else as the view's calls
   */
  public static Membership of(ReadView view, byte[] document) {
    if (document.length > 0) {
      V2Document.checkOnlyMembership(document);
      Membership told = of(V2Document.read(document));
      if (!told.members().isEmpty()) {
        return told;
      }
    }
    return of(view);
  }

  private static List<Long> removed(ReadView view) {
    List<Long> removed = new ArrayList<>();
    if (view.buckets().contains(EtcdBuckets.MEMBERS_REMOVED)) {
      try (Cursor cursor = view.openCursor(EtcdBuckets.MEMBERS_REMOVED)) {
        while (cursor.next()) {
          removed.add(id("members_removed", cursor.key()));
        }
      }
    }
    return removed;
  }

  private static Member member(ByteBuffer key, ByteBuffer value) {
    byte[] json = new byte[value.remaining()];
    value.duplicate().get(json);
    long id = id("members", key);
    return Member.read(json)
        .filter(member -> member.id() == id)
        .orElseThrow(() -> damaged("members", key));
  }

  private static long id(String bucket, ByteBuffer key) {
    String text = EntryText.latin(key);
    if (!MemberCheck.isId(text)) {
      throw damaged(bucket, key);
    }
    return Long.parseUnsignedLong(text, 16);
  }

  private static StorageException damaged(String bucket, ByteBuffer key) {
    return StorageException.of(
        Code.CORRUPT, "bucket %s, key %s: is no member".formatted(bucket, EntryText.of(key)));
  }
}
