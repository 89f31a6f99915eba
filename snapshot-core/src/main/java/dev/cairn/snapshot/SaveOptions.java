package dev.cairn.snapshot;

import dev.cairn.io.Disk;
import dev.cairn.io.LocalDisk;

/**
 * How a snapshot file is saved. Immutable.
 *
 * @param disk where
 * @param clobber whether a file that is there already is replaced, once the new one is whole
 * @param progress is told how much of the image is written
 */
public record SaveOptions(Disk disk, boolean clobber, Progress progress) {
  /**
   * This machine's files; a file that is there is replaced; nobody is told.
   *
   * @return the defaults
   */
  public static SaveOptions defaults() {
    return new SaveOptions(LocalDisk.INSTANCE, true, Progress.NONE);
  }

  /**
   * The same on another disk.
   *
   * @param newDisk where
   * @return a changed copy
   */
  public SaveOptions withDisk(Disk newDisk) {
    return new SaveOptions(newDisk, clobber, progress);
  }

  /**
   * The same, but a file that is there already is left alone and makes the save fail with {@code
   * exists}.
   *
   * @return a changed copy
   */
  public SaveOptions noClobber() {
    return new SaveOptions(disk, false, progress);
  }

  /**
   * The same with somebody who is told how far it is.
   *
   * @param newProgress is told
   * @return a changed copy
   */
  public SaveOptions withProgress(Progress newProgress) {
    return new SaveOptions(disk, clobber, newProgress);
  }
}
