package dev.cairn.engine.lmdb;

import jnr.ffi.Pointer;

/**
 * A key or value in native memory: where LMDB put it, or what is handed to LMDB. One thread at a
 * time, and only while its transaction is held.
 */
final class NativeBytes {
  private static final int SIZE_AT = 0;
  private static final int ADDRESS_AT = Long.BYTES;

  private final NativeMemory memory;
  private Pointer own;
  private long address;
  private int sizeBytes;

  NativeBytes(NativeMemory memory) {
    this.memory = memory;
  }

  /** Fills memory of its own with the key or value of the next call. */
  NativeBytes set(byte[] bytes) {
    if (own == null || own.size() < bytes.length) {
      int capacity = Math.max(Page.KEY_BYTES_MAX + 1, bytes.length);
      own = jnr.ffi.Memory.allocateDirect(jnr.ffi.Runtime.getSystemRuntime(), capacity, false);
    }
    address = own.address();
    sizeBytes = bytes.length;
    fill(bytes);
    return this;
  }

  long address() {
    return address;
  }

  byte[] toArray() {
    byte[] copy = new byte[sizeBytes];
    memory.read(address, copy, 0, sizeBytes);
    return copy;
  }

  /** Fills the place that LMDB reserved for a value. */
  void fill(byte[] value) {
    memory.write(address, value);
  }

  /** Writes address and size into LMDB's {@code MDB_val}. */
  void writeTo(Pointer value) {
    value.putLong(SIZE_AT, sizeBytes);
    value.putAddress(ADDRESS_AT, address);
  }

  /** Takes address and size from LMDB's {@code MDB_val}. */
  void readFrom(Pointer value) {
    long bytes = value.getLong(SIZE_AT);
    if (bytes < 0 || bytes > NativeMemory.LENGTH_BYTES_MAX) {
      throw new IllegalStateException("LMDB gave a value of " + bytes + " bytes");
    }
    sizeBytes = (int) bytes;
    address = value.getAddress(ADDRESS_AT);
  }
}
