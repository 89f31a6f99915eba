package dev.cairn.testkit;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What is open, who opened it, and beneath what. Thread-safe. */
final class Handles {
  /** One open thing. */
  static final class Handle {
    private final String what;
    private final Handle parent;
    private final Throwable openedAt;

    private Handle(String what, Handle parent) {
      this.what = what;
      this.parent = parent;
      this.openedAt = new Throwable(what + " opened here");
    }

    private boolean isBeneath(Handle other) {
      return parent == other || (parent != null && parent.isBeneath(other));
    }
  }

  private final Set<Handle> open = new LinkedHashSet<>();

  synchronized Handle opened(String what, Handle parent) {
    Handle handle = new Handle(what, parent);
    open.add(handle);
    return handle;
  }

  /** Forgets a thing and what is beneath it, which goes with it. */
  synchronized void closed(Handle handle) {
    open.removeIf(other -> other == handle || other.isBeneath(handle));
  }

  /** Forgets a thing, and fails when something beneath it was left open. */
  void closedLast(Handle handle) {
    List<Handle> left = new ArrayList<>();
    synchronized (this) {
      for (Handle other : open) {
        if (other.isBeneath(handle)) {
          left.add(other);
        }
      }
      closed(handle);
    }
    failFor(left);
  }

  void assertNone() {
    List<Handle> left;
    synchronized (this) {
      left = List.copyOf(open);
    }
    failFor(left);
  }

  private static void failFor(List<Handle> left) {
    if (left.isEmpty()) {
      return;
    }
    AssertionError leak =
        new AssertionError(left.size() + " still open, first " + left.get(0).what);
    leak.initCause(left.get(0).openedAt);
    for (Handle other : left.subList(1, left.size())) {
      leak.addSuppressed(other.openedAt);
    }
    throw leak;
  }
}
