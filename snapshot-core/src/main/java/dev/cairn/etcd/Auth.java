package dev.cairn.etcd;

import dev.cairn.spi.Bucket;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Who may do what with a content: buckets {@code auth}, {@code authUsers} and {@code authRoles}.
 * Immutable. Passwords are not kept here, nor what etcd made of them.
 *
 * @param enabled whether a server asks who a client is
 * @param revision counts the changes; 0 where none is written
 * @param users in the order of their names
 * @param roles in the order of their names
 */
public record Auth(boolean enabled, long revision, List<User> users, List<Role> roles) {
  private static final byte[] ENABLED = EtcdBuckets.ascii("authEnabled");
  private static final byte[] REVISION = EtcdBuckets.ascii("authRevision");

  /**
   * A user.
   *
   * @param name unique
   * @param roles names of roles, which need not be there
   * @param hasPassword whether one can be told from another by a password
   */
  public record User(String name, List<String> roles, boolean hasPassword) {
    private static final int NAME = 1;
    private static final int PASSWORD = 2;
    private static final int ROLE = 3;
    private static final int OPTIONS = 4;

    /**
     * Copies the list.
     *
     * @param name unique
     * @param roles names of roles
     * @param hasPassword as above
     */
    public User {
      roles = List.copyOf(roles);
    }

    static User read(ByteBuffer key, ByteBuffer value) {
      WireFields fields = new WireFields().on(value);
      List<String> roles = new ArrayList<>();
      boolean hasPassword = false;
      boolean named = false;
      while (fields.next()) {
        if (fields.is(NAME, WireFields.BYTES)) {
          named = fields.bytes().equals(key);
        } else if (fields.is(PASSWORD, WireFields.BYTES)) {
          hasPassword = fields.bytes().hasRemaining();
        } else if (fields.is(ROLE, WireFields.BYTES)) {
          roles.add(text(fields.bytes()));
        } else if (!fields.is(OPTIONS, WireFields.BYTES)) {
          throw damaged("authUsers", key);
        }
      }
      if (!named || fields.malformed()) {
        throw damaged("authUsers", key);
      }
      return new User(text(key), roles, hasPassword);
    }
  }

  /**
   * A role.
   *
   * @param name unique
   * @param permissions in the order in which etcd wrote them
   */
  public record Role(String name, List<Permission> permissions) {
    private static final int NAME = 1;
    private static final int PERMISSION = 2;

    /**
     * Copies the list.
     *
     * @param name unique
     * @param permissions as above
     */
    public Role {
      permissions = List.copyOf(permissions);
    }

    static Role read(ByteBuffer key, ByteBuffer value) {
      WireFields fields = new WireFields().on(value);
      List<Permission> permissions = new ArrayList<>();
      boolean named = false;
      while (fields.next()) {
        if (fields.is(NAME, WireFields.BYTES)) {
          named = fields.bytes().equals(key);
        } else if (fields.is(PERMISSION, WireFields.BYTES)) {
          permissions.add(Permission.read(key, fields.bytes()));
        } else {
          throw damaged("authRoles", key);
        }
      }
      if (!named || fields.malformed()) {
        throw damaged("authRoles", key);
      }
      return new Role(text(key), permissions);
    }
  }

  /** What a permission is about. */
  public enum Access {
    /** Reading. */
    READ,
    /** Writing. */
    WRITE,
    /** Both. */
    READWRITE
  }

  /**
   * What a role may do with which keys.
   *
   * @param access reading, writing or both
   * @param key of the key, or the first one of the range; never changed
   * @param rangeEnd behind the last key of the range, empty for one key; never changed
   */
  public record Permission(Access access, ByteBuffer key, ByteBuffer rangeEnd) {
    private static final int TYPE = 1;
    private static final int KEY = 2;
    private static final int RANGE_END = 3;

    /**
     * Makes the buffers read-only.
     *
     * @param access as above
     * @param key as above
     * @param rangeEnd as above
     */
    public Permission {
      key = key.asReadOnlyBuffer();
      rangeEnd = rangeEnd.asReadOnlyBuffer();
    }

    private static Permission read(ByteBuffer role, ByteBuffer message) {
      WireFields fields = new WireFields().on(message);
      long type = 0;
      ByteBuffer key = ByteBuffer.allocate(0);
      ByteBuffer rangeEnd = key;
      while (fields.next()) {
        if (fields.is(TYPE, WireFields.VARINT)) {
          type = fields.number();
        } else if (fields.is(KEY, WireFields.BYTES)) {
          key = copy(fields.bytes());
        } else if (fields.is(RANGE_END, WireFields.BYTES)) {
          rangeEnd = copy(fields.bytes());
        } else {
          throw damaged("authRoles", role);
        }
      }
      if (fields.malformed() || type < 0 || type >= Access.values().length) {
        throw damaged("authRoles", role);
      }
      return new Permission(Access.values()[(int) type], key, rangeEnd);
    }

    @Override
    public String toString() {
      String range = rangeEnd.hasRemaining() ? " to " + EntryText.of(rangeEnd) : "";
      return access + " " + EntryText.of(key) + range;
    }
  }

  /**
   * Copies the lists.
   *
   * @param enabled as above
   * @param revision as above
   * @param users as above
   * @param roles as above
   */
  public Auth {
    users = List.copyOf(users);
    roles = List.copyOf(roles);
  }

  /**
   * Reads who may do what.
   *
   * @param view left open
   * @return users and roles, all in memory
   * @throws StorageException {@code corrupt} for entries that are not etcd's; else as the view's
   *     calls
   */
  public static Auth of(ReadView view) {
    byte[] enabled = EtcdBuckets.get(view, EtcdBuckets.AUTH, ENABLED);
    byte[] revision = EtcdBuckets.get(view, EtcdBuckets.AUTH, REVISION);
    if (enabled != null && (enabled.length != 1 || (enabled[0] & ~1) != 0)) {
      throw damaged("auth", ByteBuffer.wrap(ENABLED));
    }
    if (revision != null && revision.length != Long.BYTES) {
      throw damaged("auth", ByteBuffer.wrap(REVISION));
    }
    return new Auth(
        enabled != null && enabled[0] == 1,
        revision == null ? 0 : ByteBuffer.wrap(revision).getLong(),
        all(view, EtcdBuckets.AUTH_USERS, User::read),
        all(view, EtcdBuckets.AUTH_ROLES, Role::read));
  }

  private interface Reader<T> {
    T read(ByteBuffer key, ByteBuffer value);
  }

  private static <T> List<T> all(ReadView view, Bucket bucket, Reader<T> reader) {
    List<T> found = new ArrayList<>();
    if (view.buckets().contains(bucket)) {
      try (Cursor cursor = view.openCursor(bucket)) {
        while (cursor.next()) {
          found.add(reader.read(cursor.key(), cursor.value()));
        }
      }
    }
    return found;
  }

  private static StorageException damaged(String bucket, ByteBuffer key) {
    return StorageException.of(
        Code.CORRUPT,
        "bucket %s, key %s: its value is not etcd's".formatted(bucket, EntryText.of(key)));
  }

  private static String text(ByteBuffer bytes) {
    return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
  }

  private static ByteBuffer copy(ByteBuffer bytes) {
    return ByteBuffer.allocate(bytes.remaining()).put(bytes.duplicate()).flip();
  }
}
