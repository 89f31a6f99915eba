package dev.cairn.testkit;

import dev.cairn.spi.Bucket;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.ReadView;
import java.util.List;

/** A view that is used in turns. */
final class StrictView implements ReadView {
  private final ReadView view;
  private final Handles handles;
  private final Handles.Handle handle;
  private final Turn turn = new Turn("a view");

  StrictView(ReadView view, Handles handles, Handles.Handle handle) {
    this.view = view;
    this.handles = handles;
    this.handle = handle;
  }

  @Override
  public List<Bucket> buckets() {
    return turn.take(view::buckets);
  }

  @Override
  public Cursor openCursor(Bucket bucket) {
    return turn.take(
        () ->
            new StrictCursor(
                view.openCursor(bucket), turn, handles, handles.opened("cursor", handle)));
  }

  @Override
  public byte[] get(Bucket bucket, byte[] key) {
    return turn.take(() -> view.get(bucket, key));
  }

  @Override
  public byte[] lastKey(Bucket bucket) {
    return turn.take(() -> view.lastKey(bucket));
  }

  @Override
  public void close() {
    view.close();
    handles.closed(handle);
  }
}
