package dev.cairn.snapshot.grpc;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Callers known by a token, out of a file that belongs to the server's user alone. One line each:
 *
 * <pre>
 * # role  token
 * backup  9f4d27002c17…
 * all     1b6e0c55a3d8…
 * </pre>
 *
 * <p>The file is looked at again at every call, so a token is good, and no longer good, as soon as
 * the file says so. A file that cannot be used any more (unreadable, open to others, a line that is
 * wrong) is logged once, and the tokens of before stay good: take tokens away by removing their
 * lines, not the file. Thread-safe; it holds nothing that must be closed.
 */
public final class TokenFile implements CallerCheck {
  private static final Set<PosixFilePermission> OWNERS =
      EnumSet.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.OWNER_EXECUTE);

  /** Equal lengths compare in equal time, and a dump of the memory shows no token. */
  private record Entry(Role role, byte[] sha256) {}

  private final Path file;
  private final Reloading<List<Entry>> entries;

  private TokenFile(Path file) {
    this.file = file;
    this.entries = new Reloading<>(List.of(file), contents -> parse(contents.get(0)));
  }

  /**
   * Reads a file.
   *
   * @param file lines {@code ROLE TOKEN} with a role of {@code backup} or {@code all}; empty lines
   *     and lines that begin with {@code #} say nothing
   * @return a check that follows the file
   * @throws StorageException {@code not-found} or {@code io} when it cannot be read; {@code
   *     unsupported} when others than its owner may read or write it; {@code corrupt} for a line of
   *     another shape, or a token with two roles
   */
  public static TokenFile open(Path file) {
    return new TokenFile(file);
  }

  @Override
  public Role roleOf(Caller caller) {
    return caller.token().map(this::roleOf).orElse(Role.NONE);
  }

  /** Looks at every entry, whichever fits: how long it takes tells nothing. */
  private Role roleOf(String token) {
    byte[] sha256 = sha256(token);
    Role role = Role.NONE;
    for (Entry entry : entries.current()) {
      if (MessageDigest.isEqual(entry.sha256(), sha256)) {
        role = entry.role();
      }
    }
    return role;
  }

  private List<Entry> parse(byte[] content) {
    checkMode();
    List<Entry> parsed = new ArrayList<>();
    int number = 0;
    for (String line : new String(content, UTF_8).split("\\R")) {
      number++;
      String said = line.strip();
      if (!said.isEmpty() && !said.startsWith("#")) {
        add(parsed, entry(number, said));
      }
    }
    return parsed;
  }

  private void checkMode() {
    try {
      if (!OWNERS.containsAll(Files.getPosixFilePermissions(file))) {
        throw StorageException.of(
            Code.UNSUPPORTED, file, "holds secrets and is open to others; chmod 600 it");
      }
    } catch (UnsupportedOperationException noModes) {
      // This file system has none; how it protects the file is its user's matter.
    } catch (IOException e) {
      throw StorageException.of(Code.IO, file, "cannot be looked at", e);
    }
  }

  private Entry entry(int number, String line) {
    String[] words = line.split("\\s+");
    if (words.length != 2) {
      throw wrong(number, "is not ROLE TOKEN");
    }
    return switch (words[0].toLowerCase(Locale.ROOT)) {
      case "backup" -> new Entry(Role.BACKUP, sha256(words[1]));
      case "all" -> new Entry(Role.ALL, sha256(words[1]));
      default -> throw wrong(number, "names another role than backup or all");
    };
  }

  private void add(List<Entry> parsed, Entry entry) {
    for (Entry other : parsed) {
      if (MessageDigest.isEqual(other.sha256(), entry.sha256()) && other.role() != entry.role()) {
        throw StorageException.of(Code.CORRUPT, file, "gives one token two roles; remove a line");
      }
    }
    parsed.add(entry);
  }

  /** The line's number, never what is on it. */
  private StorageException wrong(int number, String what) {
    return StorageException.of(Code.CORRUPT, file, "line " + number + " " + what + "; correct it");
  }

  private static byte[] sha256(String token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(token.getBytes(UTF_8));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
