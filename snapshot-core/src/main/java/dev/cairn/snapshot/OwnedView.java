package dev.cairn.snapshot;

import dev.cairn.spi.Bucket;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.ReadView;
import java.util.List;

/** A view that takes what it was opened from with it when it closes. */
final class OwnedView implements ReadView {
  private final ReadView view;
  private final Runnable closeOwner;

  OwnedView(ReadView view, Runnable closeOwner) {
    this.view = view;
    this.closeOwner = closeOwner;
  }

  @Override
  public List<Bucket> buckets() {
    return view.buckets();
  }

  @Override
  public Cursor openCursor(Bucket bucket) {
    return view.openCursor(bucket);
  }

  @Override
  public byte[] get(Bucket bucket, byte[] key) {
    return view.get(bucket, key);
  }

  @Override
  public byte[] lastKey(Bucket bucket) {
    return view.lastKey(bucket);
  }

  @Override
  public void close() {
    try {
      view.close();
    } finally {
      closeOwner.run();
    }
  }
}
