package dev.cairn.etcd;

/** A small generator whose numbers are the same on every platform and in every version. */
final class SplitMix {
  private static final long STEP = 0x9e3779b97f4a7c15L;

  private long state;

  SplitMix(long seed) {
    state = seed;
  }

  long next() {
    state += STEP;
    long mixed = state;
    mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return mixed ^ (mixed >>> 31);
  }

  int below(int bound) {
    return (int) Long.remainderUnsigned(next(), bound);
  }

  void fill(byte[] bytes) {
    for (int at = 0; at < bytes.length; at += Long.BYTES) {
      long random = next();
      for (int i = at; i < Math.min(at + Long.BYTES, bytes.length); i++) {
        bytes[i] = (byte) random;
        random >>>= Byte.SIZE;
      }
    }
  }
}
