package dev.cairn.engine.lmdb;

import java.util.Arrays;
import java.util.Comparator;
import jnr.ffi.Pointer;
import org.lmdbjava.BufferProxy;

/**
 * Lets lmdbjava hand out native places instead of buffers: no copy, no allocation, and none of the
 * JVM flags that its buffers over native memory need.
 */
final class NativeProxy extends BufferProxy<NativeBytes> {
  private final NativeMemory memory;

  NativeProxy(NativeMemory memory) {
    this.memory = memory;
  }

  @Override
  protected NativeBytes allocate() {
    return new NativeBytes(memory);
  }

  @Override
  protected void deallocate(NativeBytes bytes) {}

  @Override
  protected byte[] getBytes(NativeBytes bytes) {
    return bytes.toArray();
  }

  @Override
  protected Comparator<NativeBytes> getSignedComparator() {
    return getUnsignedComparator();
  }

  /** Only for lmdbjava's own iterators, which are not used here. */
  @Override
  protected Comparator<NativeBytes> getUnsignedComparator() {
    return (a, b) -> Arrays.compareUnsigned(a.toArray(), b.toArray());
  }

  @Override
  protected Pointer in(NativeBytes bytes, Pointer value) {
    bytes.writeTo(value);
    return null;
  }

  /** Announces the size of a value that is to be reserved. */
  @Override
  protected Pointer in(NativeBytes bytes, int sizeBytes, Pointer value) {
    value.putLong(STRUCT_FIELD_OFFSET_SIZE, sizeBytes);
    value.putAddress(STRUCT_FIELD_OFFSET_DATA, 0L);
    return null;
  }

  @Override
  protected NativeBytes out(NativeBytes bytes, Pointer value) {
    bytes.readFrom(value);
    return bytes;
  }
}
