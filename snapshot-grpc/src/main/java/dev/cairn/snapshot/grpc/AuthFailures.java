package dev.cairn.snapshot.grpc;

import io.grpc.Status;
import java.util.regex.Pattern;

/**
 * Tells etcd's complaints about who asks by their text: 3.4 sends them as {@code UNKNOWN}, later
 * ones under statuses that mean other things as well.
 */
final class AuthFailures {
  private static final Pattern STALE =
      Pattern.compile("(?:auth|etcdserver): (?:invalid auth token|revision .*is old).*");
  private static final Pattern NOT_ENABLED =
      Pattern.compile("(?:auth|etcdserver): authentication is not enabled");
  private static final Pattern REFUSED =
      Pattern.compile(
          "auth: .*"
              + "|etcdserver: (?:user name (?:is empty|not found)|authentication failed.*"
              + "|permission denied|authentication is not enabled)");

  private AuthFailures() {}

  private static boolean says(Status status, Pattern pattern) {
    String text = status.getDescription();
    return text != null && pattern.matcher(text).matches();
  }

  /** Whether the token was valid once: signing in anew helps. */
  static boolean staleToken(Status status) {
    return says(status, STALE);
  }

  /** Whether the server has no use for users. */
  static boolean notEnabled(Status status) {
    return says(status, NOT_ENABLED);
  }

  /** Whether the caller is nobody, somebody else, or not allowed to. */
  static boolean refused(Status status) {
    return switch (status.getCode()) {
      case UNAUTHENTICATED, PERMISSION_DENIED -> true;
      default -> staleToken(status) || says(status, REFUSED);
    };
  }
}
