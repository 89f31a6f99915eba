package dev.cairn.etcd;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.cairn.etcd.proto.RaftRequests.InternalRaftRequest;
import dev.cairn.etcd.proto.RaftRequests.RequestHeader;
import dev.cairn.etcd.proto.RaftRequests.RequestV2;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.util.Map;

/**
 * What a normal entry of the log asks etcd's state machine to do.
 *
 * <p>The fields are those of etcd's message under its names: Strings, Booleans, Numbers (unsigned
 * where etcd's are), byte arrays that are not to be changed, Lists and Maps of these; what is not
 * set, 0, false or an empty text is left out. A value that belongs to a user is left out but for
 * its length, as {@code valueBytes}; passwords are left out wholly.
 *
 * @param kind the name that etcd has for it, such as {@code put} or {@code lease_grant}; {@code v2}
 *     for a request of etcd 2; {@code none} for a new leader's first entry; {@code unknown} for one
 *     of a version that this code does not know
 * @param id by which the member that was asked finds it again; 0 when it has none
 * @param username on whose behalf; empty without authentication
 * @param fields what is asked
 */
public record RaftRequest(String kind, long id, String username, Map<String, Object> fields) {
  private static final RaftRequest NONE = new RaftRequest("none", 0, "", Map.of());

  /**
   * Reads the data of an entry.
   *
   * @param data of an entry of type {@link dev.cairn.wal.EntryType#NORMAL}; not changed
   * @return the request
   * @throws StorageException {@code corrupt} for bytes that are no request
   */
  public static RaftRequest decode(byte[] data) {
    if (data.length == 0) {
      return NONE;
    }
    try {
      return of(InternalRaftRequest.parseFrom(data));
    } catch (InvalidProtocolBufferException notOfEtcd3) {
      return decodeV2(data);
    }
  }

  private static RaftRequest of(InternalRaftRequest request) {
    RequestHeader header = request.getHeader();
    long id = request.hasHeader() ? header.getID() : request.getID();
    String username = header.getUsername();
    return MessageFields.firstMessage(request)
        .map(one -> new RaftRequest(one.name(), id, username, one.fields()))
        .orElseGet(() -> new RaftRequest("unknown", id, username, Map.of()));
  }

  /** No request of etcd 2 reads as one of etcd 3, because of what its path begins with. */
  private static RaftRequest decodeV2(byte[] data) {
    try {
      RequestV2 request = RequestV2.parseFrom(data);
      if (request.hasMethod()) {
        RequestV2 withoutId = request.toBuilder().clearID().build();
        return new RaftRequest("v2", request.getID(), "", MessageFields.of(withoutId));
      }
    } catch (InvalidProtocolBufferException notThatEither) {
      // Told below.
    }
    throw StorageException.of(Code.CORRUPT, "the bytes are no request of etcd's");
  }
}
