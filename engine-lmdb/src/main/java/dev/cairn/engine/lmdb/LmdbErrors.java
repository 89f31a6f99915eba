package dev.cairn.engine.lmdb;

import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.file.Path;
import org.lmdbjava.Env;
import org.lmdbjava.LmdbNativeException;
import org.lmdbjava.Txn;

/** Says LMDB's failures in the words of the contract. */
final class LmdbErrors {
  static final int EIO = 5;
  private static final int ENOSPC = 28;
  private static final int EDQUOT = 122;

  private LmdbErrors() {}

  static StorageException of(Path store, RuntimeException failure) {
    if (failure instanceof StorageException) {
      return (StorageException) failure;
    }
    if (failure instanceof Env.ReadersFullException) {
      return StorageException.of(
          Code.LIMIT,
          store,
          "all reader slots are taken; close views and snapshots or raise lmdb.maxReaders",
          failure);
    }
    if (failure instanceof Txn.TxFullException) {
      return StorageException.of(
          Code.LIMIT, store, "the batch touches too many pages at once; cut it up", failure);
    }
    if (isCorrupt(failure)) {
      return StorageException.of(
          Code.CORRUPT, store, "LMDB finds it damaged: " + failure.getMessage(), failure);
    }
    return StorageException.of(Code.IO, store, "LMDB failed: " + failure.getMessage(), failure);
  }

  private static boolean isCorrupt(RuntimeException failure) {
    return failure instanceof LmdbNativeException.PageCorruptedException
        || failure instanceof LmdbNativeException.PageNotFoundException
        || failure instanceof Env.FileInvalidException
        || failure instanceof Env.VersionMismatchException;
  }

  static boolean isNoSpace(RuntimeException failure) {
    int result = result(failure);
    return result == ENOSPC || result == EDQUOT;
  }

  static boolean isIo(RuntimeException failure) {
    return result(failure) == EIO;
  }

  private static int result(RuntimeException failure) {
    return failure instanceof LmdbNativeException
        ? ((LmdbNativeException) failure).getResultCode()
        : 0;
  }
}
