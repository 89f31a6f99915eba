package dev.cairn.raft;

import dev.cairn.io.Disk;
import dev.cairn.io.LocalDisk;
import dev.cairn.snap.RaftSnapshot;
import dev.cairn.spi.Engine;
import dev.cairn.spi.Engines;
import dev.cairn.spi.HeadReader;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntConsumer;

/**
 * What {@link SnapshotApply} works with. Immutable; every {@code with} returns a changed copy.
 *
 * @param components prepared in this order, published together
 * @param membership told of the members when a snapshot has taken effect
 * @param awaitPersisted returns when raft's thread has made a snapshot and its note in the log
 *     durable, and throws when that will not come
 * @param inProgress told 1 when an application begins and 0 when it ends, however it ends
 * @param engines finds the engine of an image
 * @param disk where the images are
 */
public record ApplyOptions(
    List<Component> components,
    MembershipListener membership,
    Consumer<RaftSnapshot> awaitPersisted,
    IntConsumer inProgress,
    Function<HeadReader, Optional<Engine>> engines,
    Disk disk) {
  /**
   * Copies the list.
   *
   * @param components as above
   * @param membership as above
   * @param awaitPersisted as above
   * @param inProgress as above
   * @param engines as above
   * @param disk as above
   */
  public ApplyOptions {
    components = List.copyOf(components);
  }

  /**
   * No components, nobody told, the engines of the class path, the files of this machine; for
   * callers that apply only what is durable already.
   *
   * @return the defaults
   */
  public static ApplyOptions defaults() {
    return new ApplyOptions(
        List.of(),
        MembershipListener.NONE,
        snapshot -> {},
        count -> {},
        Engines::recognizing,
        LocalDisk.INSTANCE);
  }

  /**
   * The same with components.
   *
   * @param newComponents in the order in which they are prepared
   * @return a changed copy
   */
  public ApplyOptions withComponents(List<Component> newComponents) {
    return new ApplyOptions(newComponents, membership, awaitPersisted, inProgress, engines, disk);
  }

  /**
   * The same with a listener for the membership.
   *
   * @param newMembership told of the members
   * @return a changed copy
   */
  public ApplyOptions withMembership(MembershipListener newMembership) {
    return new ApplyOptions(components, newMembership, awaitPersisted, inProgress, engines, disk);
  }

  /**
   * The same with another wait.
   *
   * @param newAwaitPersisted returns when a snapshot is durable
   * @return a changed copy
   */
  public ApplyOptions withAwaitPersisted(Consumer<RaftSnapshot> newAwaitPersisted) {
    return new ApplyOptions(components, membership, newAwaitPersisted, inProgress, engines, disk);
  }

  /**
   * The same with a gauge.
   *
   * @param newInProgress told 1 and 0; what it throws is logged and ignored
   * @return a changed copy
   */
  public ApplyOptions withInProgress(IntConsumer newInProgress) {
    return new ApplyOptions(components, membership, awaitPersisted, newInProgress, engines, disk);
  }

  /**
   * The same on other files, by engines that are on them.
   *
   * @param newDisk the store's
   * @param newEngines finds the engine of an image
   * @return a changed copy
   */
  public ApplyOptions withDisk(Disk newDisk, Function<HeadReader, Optional<Engine>> newEngines) {
    return new ApplyOptions(
        components, membership, awaitPersisted, inProgress, newEngines, newDisk);
  }
}
