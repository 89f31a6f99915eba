package dev.cairn.testkit;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * The tree of names, and the changes of names that no sync has made durable.
 *
 * <p>A rename is atomic and becomes durable with the directory of its new name. A power cut keeps
 * or loses each change; it never keeps one that builds on a lost one, which no file system does.
 */
final class SimulatedNames {
  /** One name that changes: to a node, or to nothing. */
  private record Effect(SimulatedDirectory directory, String name, SimulatedNode node) {
    Effect nameOnly() {
      return new Effect(directory, name, null);
    }
  }

  /** Effects that come together, durable once that directory is synced. */
  private static final class Change {
    private final SimulatedDirectory syncedWith;
    private final List<Effect> effects;
    private boolean synced;

    Change(SimulatedDirectory syncedWith, List<Effect> effects) {
      this.syncedWith = syncedWith;
      this.effects = effects;
    }

    boolean touches(Set<Effect> names) {
      return effects.stream().anyMatch(effect -> names.contains(effect.nameOnly()));
    }

    void addNamesTo(Set<Effect> names) {
      effects.forEach(effect -> names.add(effect.nameOnly()));
    }

    /** The directory that it makes, or null. */
    SimulatedDirectory made() {
      return effects.size() == 1 && effects.get(0).node() instanceof SimulatedDirectory directory
          ? directory
          : null;
    }
  }

  private final SimulatedDirectory root;
  private final List<Change> changes = new ArrayList<>();

  SimulatedNames() {
    this(new SimulatedDirectory());
  }

  private SimulatedNames(SimulatedDirectory root) {
    this.root = root;
  }

  /** What an absolute, normalised path leads to, or null. */
  SimulatedNode find(Path path) {
    SimulatedNode node = root;
    for (Path name : path) {
      node = node instanceof SimulatedDirectory in ? in.seen.get(name.toString()) : null;
    }
    return node;
  }

  /** The directory that holds the last name of a path, or null. */
  SimulatedDirectory parent(Path path) {
    return path.getParent() != null && find(path.getParent()) instanceof SimulatedDirectory found
        ? found
        : null;
  }

  void put(Path path, SimulatedNode node) {
    SimulatedDirectory directory = parent(path);
    change(directory, List.of(new Effect(directory, name(path), node)));
  }

  void remove(Path path) {
    put(path, null);
  }

  void rename(Path from, Path to) {
    SimulatedDirectory target = parent(to);
    change(
        target,
        List.of(
            new Effect(parent(from), name(from), null), new Effect(target, name(to), find(from))));
  }

  /** A power cut may leave both names, but not neither. */
  void linkThenUnlink(Path from, Path to) {
    put(to, find(from));
    rename(from, to);
  }

  private void change(SimulatedDirectory syncedWith, List<Effect> effects) {
    Change change = new Change(syncedWith, effects);
    changes.add(change);
    effects.forEach(effect -> set(effect.directory().seen, effect.name(), effect.node()));
  }

  private static String name(Path path) {
    return path.getFileName().toString();
  }

  private static void set(Map<String, SimulatedNode> names, String name, SimulatedNode node) {
    if (node == null) {
      names.remove(name);
    } else {
      names.put(name, node);
    }
  }

  void sync(SimulatedDirectory directory) {
    Set<Effect> needed = new HashSet<>();
    for (int i = changes.size() - 1; i >= 0; i--) {
      Change change = changes.get(i);
      // What a durable change builds on is durable with it.
      change.synced |= change.syncedWith == directory || change.touches(needed);
      if (change.synced) {
        change.addNamesTo(needed);
      }
    }
    while (!changes.isEmpty() && changes.get(0).synced) {
      for (Effect effect : changes.remove(0).effects) {
        set(effect.directory().durable, effect.name(), effect.node());
      }
    }
  }

  /** As if every name and byte had always been there. */
  void settle() {
    changes.clear();
    settle(root);
  }

  private static void settle(SimulatedNode node) {
    if (node instanceof SimulatedContent content) {
      content.sync();
    } else if (node instanceof SimulatedDirectory directory) {
      directory.durable.clear();
      directory.durable.putAll(directory.seen);
      directory.seen.values().forEach(SimulatedNames::settle);
    }
  }

  long allocatedBytes() {
    Set<SimulatedNode> counted = new HashSet<>();
    return allocatedBytes(root, counted);
  }

  private static long allocatedBytes(SimulatedNode node, Set<SimulatedNode> counted) {
    if (!counted.add(node)) {
      return 0;
    }
    if (node instanceof SimulatedContent content) {
      return content.allocatedBytes();
    }
    long bytes = 0;
    for (SimulatedNode child : ((SimulatedDirectory) node).seen.values()) {
      bytes += allocatedBytes(child, counted);
    }
    return bytes;
  }

  SimulatedNames copy() {
    Copies copies = new Copies();
    SimulatedNames copy = new SimulatedNames(copies.directory(root));
    for (Change change : changes) {
      List<Effect> effects = new ArrayList<>(change.effects.size());
      for (Effect effect : change.effects) {
        effects.add(
            new Effect(
                copies.directory(effect.directory()), effect.name(), copies.of(effect.node())));
      }
      Change copied = new Change(copies.directory(change.syncedWith), effects);
      copied.synced = change.synced;
      copy.changes.add(copied);
    }
    return copy;
  }

  /** Copies each node once, under whatever names it is met. */
  private static final class Copies {
    private final Map<SimulatedNode, SimulatedNode> done = new IdentityHashMap<>();

    SimulatedDirectory directory(SimulatedDirectory from) {
      return (SimulatedDirectory) of(from);
    }

    SimulatedNode of(SimulatedNode from) {
      SimulatedNode known = from == null ? null : done.get(from);
      if (known != null || from == null) {
        return known;
      }
      if (from instanceof SimulatedContent content) {
        SimulatedContent copy = content.copy();
        done.put(from, copy);
        return copy;
      }
      SimulatedDirectory directory = (SimulatedDirectory) from;
      SimulatedDirectory copy = new SimulatedDirectory();
      done.put(from, copy);
      directory.seen.forEach((name, node) -> copy.seen.put(name, of(node)));
      directory.durable.forEach((name, node) -> copy.durable.put(name, of(node)));
      return copy;
    }
  }

  /** One of the states that a power cut may leave. */
  SimulatedNames afterPowerCut(SplittableRandom random) {
    return new Survivors(random).names();
  }

  /** Draws what a power cut leaves: of the names first, then of each file that has one. */
  private final class Survivors {
    private final SplittableRandom random;
    private final Map<SimulatedDirectory, Map<String, SimulatedNode>> names =
        new IdentityHashMap<>();
    private final Map<SimulatedNode, SimulatedNode> left = new IdentityHashMap<>();

    Survivors(SplittableRandom random) {
      this.random = random;
    }

    SimulatedNames names() {
      double keptShare = random.nextInt(4) / 3.0;
      Set<Effect> lost = new HashSet<>();
      Set<SimulatedDirectory> lostDirectories = new HashSet<>();
      for (Change change : changes) {
        boolean possible =
            !change.touches(lost)
                && change.effects.stream().noneMatch(e -> lostDirectories.contains(e.directory()));
        if (change.synced || (possible && random.nextDouble() < keptShare)) {
          change.effects.forEach(e -> set(of(e.directory()), e.name(), e.node()));
        } else {
          change.addNamesTo(lost);
          lostDirectories.add(change.made());
        }
      }
      return new SimulatedNames((SimulatedDirectory) node(root));
    }

    private Map<String, SimulatedNode> of(SimulatedDirectory directory) {
      return names.computeIfAbsent(directory, key -> new TreeMap<>(key.durable));
    }

    private SimulatedNode node(SimulatedNode from) {
      SimulatedNode known = left.get(from);
      if (known != null) {
        return known;
      }
      if (from instanceof SimulatedContent content) {
        SimulatedContent survivor = content.afterPowerCut(random);
        left.put(from, survivor);
        return survivor;
      }
      SimulatedDirectory survivor = new SimulatedDirectory();
      left.put(from, survivor);
      of((SimulatedDirectory) from).forEach((name, node) -> survivor.seen.put(name, node(node)));
      survivor.durable.putAll(survivor.seen);
      return survivor;
    }
  }
}
