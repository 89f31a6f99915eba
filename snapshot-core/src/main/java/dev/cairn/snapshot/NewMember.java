package dev.cairn.snapshot;

import dev.cairn.etcd.EtcdRewrite;
import dev.cairn.io.Disk;
import java.nio.file.Path;

/** A member of a new cluster that is to start on a restored database. */
public interface NewMember {
  /**
   * What is changed of the content.
   *
   * @return the order
   */
  EtcdRewrite.Order order();

  /**
   * Writes what a server needs beside its database; the bytes are durable when this returns.
   *
   * @param disk where
   * @param wal an empty directory for the WAL
   * @param snap the directory of the database
   */
  void writeRaftFiles(Disk disk, Path wal, Path snap);
}
