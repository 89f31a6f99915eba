package com.example.cairn.shelf;

import com.example.cairn.shelf.Section.Entry;

/** A walk over a section, which starts before its first entry. One thread at a time. */
final class Walk {
  private final Section section;
  private long index = -1;
  private Entry entry;

  Walk(Section section) {
    this.section = section;
  }

  boolean seek(byte[] key) {
    return moveTo(section.ceiling(key));
  }

  boolean next() {
    return moveTo(Math.min(index + 1, section.place().count()));
  }

  private boolean moveTo(long newIndex) {
    // First, so that a walk whose read fails is on no entry.
    entry = null;
    index = newIndex;
    if (index < section.place().count()) {
      entry = section.entry(index);
    }
    return entry != null;
  }

  /** The entry it is on, or null. */
  Entry entry() {
    return entry;
  }
}
