package dev.cairn.snapshot.grpc;

import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Who a client says it is. Immutable. No text of it shows the secret: neither {@link #toString()}
 * nor an exception of the client.
 */
public final class ClientCredentials {
  private static final ClientCredentials NONE = new ClientCredentials(Kind.NONE, "", "");

  enum Kind {
    NONE,
    USER,
    BEARER
  }

  private final Kind kind;
  private final String name;
  private final String secret;

  private ClientCredentials(Kind kind, String name, String secret) {
    this.kind = kind;
    this.name = name;
    this.secret = secret;
  }

  /**
   * Nobody, or whoever the certificate names that is shown.
   *
   * @return no credentials
   */
  public static ClientCredentials none() {
    return NONE;
  }

  /**
   * A user of etcd's. The client signs in with its first call, and again when the server says that
   * the token it was given is no longer valid. A server whose authentication is not enabled is
   * asked without.
   *
   * @param name not empty
   * @param password as it was set; may be empty
   * @return the user
   * @throws IllegalArgumentException for an empty name
   */
  public static ClientCredentials user(String name, String password) {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("a user has a name; it is empty");
    }
    return new ClientCredentials(Kind.USER, name, Objects.requireNonNull(password));
  }

  /**
   * The bearer of a token, which every call carries as {@code authorization: Bearer TOKEN}.
   *
   * @param token visible ASCII characters
   * @return the bearer
   * @throws IllegalArgumentException for an empty token or another character in it
   */
  public static ClientCredentials bearer(String token) {
    if (token.isEmpty() || !token.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
      throw new IllegalArgumentException("a token is one word of visible ASCII characters");
    }
    return new ClientCredentials(Kind.BEARER, "", token);
  }

  /**
   * The bearer of the token that is the first line of a file.
   *
   * @param file read at once
   * @return the bearer
   * @throws StorageException {@code not-found}, {@code io}; {@code corrupt} when that line is no
   *     token, {@code limit} for a file that is much too long
   */
  public static ClientCredentials bearerOf(Path file) {
    String line = SmallFile.text(file).lines().findFirst().orElse("").strip();
    try {
      return bearer(line);
    } catch (IllegalArgumentException notOne) {
      throw StorageException.of(
          Code.CORRUPT, file, "no token in its first line: " + notOne.getMessage());
    }
  }

  Kind kind() {
    return kind;
  }

  String name() {
    return name;
  }

  String secret() {
    return secret;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ClientCredentials theirs
        && kind == theirs.kind
        && name.equals(theirs.name)
        && secret.equals(theirs.secret);
  }

  @Override
  public int hashCode() {
    return Objects.hash(kind, name);
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return switch (kind) {
      case NONE -> "nobody";
      case USER -> "user " + name;
      case BEARER -> "the bearer of a token";
    };
  }
}
