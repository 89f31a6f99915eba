package dev.cairn.engine.h2;

import dev.cairn.io.DiskFile;
import dev.cairn.spi.StorageException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.zip.ZipOutputStream;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.FileStore;
import org.h2.mvstore.RandomAccessStore;
import org.h2.mvstore.SFChunk;

/**
 * Below MVStore, on a {@link DiskFile}: MVStore decides what is in a chunk and where it goes; when
 * a version counts, when it is durable, and when space may be used again is decided here.
 *
 * <ul>
 *   <li>The header is written by {@link #commitPoint} alone, never when MVStore would.
 *   <li>The space of a dropped chunk is not free before the version that dropped it is durable, nor
 *       while a snapshot is open.
 *   <li>Opening trusts the commit point and guesses nothing: MVStore's search for chunks could find
 *       one that no commit point ever named.
 *   <li>The file is cut only where {@link #commitPoint} does it.
 * </ul>
 *
 * <p>Writes come from one thread at a time, reads from any.
 */
final class DiskStore extends RandomAccessStore {
  /** No page of ours is longer: a few values of the largest size. */
  private static final int READ_BYTES_MAX = 128 << 20;

  /**
   * What opening may read: enough for the maps of any store, and an end to trees that are rings.
   */
  private static final long OPENING_READS = 200_000;

  private static final long CUT_BYTES_MIN = 16 * FileHeader.BLOCK_BYTES;

  private final DiskFile file;
  private final Space space;
  private final List<SFChunk> dropped = new ArrayList<>();
  private final Set<Integer> checked = ConcurrentHashMap.newKeySet();
  private volatile long sizeBytes;
  private volatile CommitPoint point;
  private long readsLeft;
  private volatile StorageException readFailure;
  private SFChunk newest;
  private int newestCrc;
  private int unnamedChunks;
  private long unsyncedBytes;
  private long syncedVersion;
  private int durableSlot;
  private int snapshots;

  /**
   * @param point what the file holds, or null to make a store in an empty file
   * @param sizeBytes how much of the file counts
   */
  DiskStore(
      DiskFile file, CommitPoint point, long sizeBytes, boolean readOnly, int cacheMebibytes) {
    super(Map.of("cacheSize", cacheMebibytes));
    this.file = file;
    this.point = point;
    this.sizeBytes = sizeBytes;
    if (point != null) {
      durableSlot = point.slot();
      syncedVersion = point.header().version();
    }
    readsLeft = OPENING_READS + sizeBytes / FileHeader.BLOCK_BYTES;
    space = new Space(getChunks());
    init(file.path().toString(), readOnly);
    // By versions and syncs, not by the clock: see freeChunkSpace.
    setRetentionTime(-1);
  }

  /** From now on reading has no bound. */
  void opened() {
    readsLeft = Long.MAX_VALUE;
    space.measure();
  }

  CommitPoint point() {
    return point;
  }

  Space space() {
    return space;
  }

  @Override
  public long size() {
    return sizeBytes;
  }

  @Override
  public ByteBuffer readFully(SFChunk chunk, long pos, int len) {
    if (readsLeft != Long.MAX_VALUE && --readsLeft < 0) {
      throw StorageException.corrupt(file.path(), pos, "its maps have no end");
    }
    if (pos < 0 || len < 0 || len > READ_BYTES_MAX || pos > sizeBytes - len) {
      throw StorageException.corrupt(file.path(), pos, "names " + len + " bytes that it has not");
    }
    ByteBuffer bytes = ByteBuffer.allocate(len);
    try {
      checkSeal(chunk);
      file.readFully(pos, bytes);
    } catch (StorageException e) {
      readFailure = e;
      throw e;
    }
    return bytes.flip();
  }

  /**
   * A page cannot be checked by itself, so the first one that is read of a chunk has it checked.
   */
  private void checkSeal(SFChunk chunk) {
    if (chunk != null && isReadOnly() && !checked.contains(chunk.id)) {
      ChunkSeal.check(
          file, chunk.block * FileHeader.BLOCK_BYTES, (long) chunk.len * FileHeader.BLOCK_BYTES);
      checked.add(chunk.id);
    }
  }

  @Override
  protected void writeFully(SFChunk chunk, long pos, ByteBuffer src) {
    if (chunk == null) {
      // The header. Ours is written when its chunk is there.
      return;
    }
    newestCrc = ChunkSeal.seal(src);
    int count = src.remaining();
    file.write(pos, src);
    sizeBytes = Math.max(sizeBytes, pos + count);
    newest = chunk;
    unnamedChunks++;
    unsyncedBytes += count;
  }

  /**
   * Makes the newest chunk written the store, durably. The checksum of that chunk stands in the
   * header, so one sync serves both; chunks of the same commit before it are synced first.
   *
   * @param identity the store's
   */
  void commitPoint(byte[] identity) {
    if (unnamedChunks == 0) {
      return;
    }
    if (unnamedChunks > 1) {
      syncEarlierChunks();
    }
    name(header(identity, newest.version - 1));
    file.sync();
    durable();
  }

  private void syncEarlierChunks() {
    file.sync();
  }

  /**
   * Makes the newest chunk written the store, for now in the system's hands. Of what is not durable
   * every chunk is checked when the store is opened, and the durable commit point stays beside it.
   *
   * @param unsyncedBytesMax with more than that it is made durable after all, so that space is free
   *     again
   */
  void relaxedPoint(byte[] identity, long unsyncedBytesMax) {
    if (unnamedChunks == 0) {
      return;
    }
    name(header(identity, syncedVersion));
    if (unsyncedBytes > unsyncedBytesMax) {
      syncRelaxed();
    }
  }

  /** Makes durable what {@link #relaxedPoint} did not. */
  void syncRelaxed() {
    if (unsyncedBytes > 0) {
      file.sync();
      durable();
    }
  }

  private void name(FileHeader header) {
    point = new CommitPoint(header, 1 - durableSlot);
    CommitPoint.write(file, header, point.slot());
    unnamedChunks = 0;
    space.measureSometimes();
  }

  private void durable() {
    durableSlot = point.slot();
    syncedVersion = point.header().version();
    unsyncedBytes = 0;
    reuse();
  }

  private FileHeader header(byte[] identity, long synced) {
    return new FileHeader(
        identity,
        getCreationTime(),
        newest.id,
        newest.block,
        newest.len,
        newest.version,
        synced,
        newestCrc);
  }

  /** Makes what was written a new store, in a file that has no name yet: the caller syncs it. */
  void firstPoint(byte[] identity) {
    CommitPoint.write(file, header(identity, newest.version - 1), 0);
    CommitPoint.write(file, header(identity, newest.version - 1), 1);
  }

  /** Lets both copies of the header name the present commit where that is durable. */
  void settle() {
    if (unsyncedBytes == 0) {
      CommitPoint.write(file, point.header(), 1 - durableSlot);
    }
  }

  /** MVStore is done with these chunks; they are in no version but those before. */
  @Override
  protected void freeChunkSpace(Iterable<SFChunk> chunks) {
    chunks.forEach(dropped::add);
  }

  /** The versions that dropped them are durable by now. */
  private synchronized void reuse() {
    if (snapshots > 0) {
      return;
    }
    for (SFChunk chunk : dropped) {
      free(chunk.block * FileHeader.BLOCK_BYTES, chunk.len * FileHeader.BLOCK_BYTES);
    }
    dropped.clear();
    long endBytes = endBytes();
    if (sizeBytes - endBytes >= Math.max(CUT_BYTES_MIN, sizeBytes / 4)) {
      file.setLength(endBytes);
      sizeBytes = endBytes;
    }
  }

  /** Where the last chunk ends that is or may still be needed. */
  long endBytes() {
    return getAfterLastBlock_() * FileHeader.BLOCK_BYTES;
  }

  /**
   * From now on nothing that is in the file is overwritten, until as many snapshots have closed.
   */
  synchronized void snapshotOpened() {
    snapshots++;
    setReuseSpace(false);
  }

  synchronized void snapshotClosed() {
    snapshots--;
    setReuseSpace(snapshots == 0);
  }

  /** Moves live pages out of chunks that are mostly dead, unless a snapshot is open. */
  void compact(int liveBytesMax) {
    boolean mayMove;
    synchronized (this) {
      mayMove = snapshots == 0;
    }
    if (mayMove) {
      rewriteChunks(liveBytesMax, 100);
    }
  }

  @Override
  public void accountForRemovedPage(long pos, long version, boolean pinned, int pageNo) {
    space.removed(pos);
    super.accountForRemovedPage(pos, version, pinned, pageNo);
  }

  /** Trusts the commit point, and checks that every live chunk stands where the layout says. */
  @Override
  protected void readStoreHeader(boolean recoveryMode) {
    FileHeader header = point.header();
    getStoreHeader().putAll(header.fields());
    processCommonHeaderAttributes();
    SFChunk last = readChunkHeaderAndFooter(header.block(), header.chunkId());
    if (last == null || last.version != header.version() || last.len != header.chunkBlocks()) {
      throw damaged(header.chunkAtBytes(), "is not the chunk that the header names");
    }
    setLastChunk(last);
    for (SFChunk chunk : getChunksFromLayoutMap()) {
      check(chunk, header);
    }
    clear();
    for (SFChunk chunk : getChunks().values()) {
      if (chunk.block != 0) {
        markUsed(chunk.block * FileHeader.BLOCK_BYTES, chunk.len * FileHeader.BLOCK_BYTES);
      }
    }
    registerDeadChunks();
    newest = last;
  }

  /** Longest dead first, as MVStore looks no further than the first one that is to be kept. */
  private void registerDeadChunks() {
    getChunks().values().stream()
        .filter(chunk -> !Space.isLive(chunk))
        .collect(
            Collectors.groupingBy(DiskStore::unusedAtVersion, TreeMap::new, Collectors.toList()))
        .values()
        .forEach(chunks -> chunks.forEach(this::registerDeadChunk));
  }

  private static long unusedAtVersion(SFChunk chunk) {
    return DataUtils.readHexLong(DataUtils.parseMap(chunk.asString()), "unusedAtVersion", 0);
  }

  private void check(SFChunk chunk, FileHeader header) {
    long atBytes = chunk.block * FileHeader.BLOCK_BYTES;
    boolean inside =
        chunk.block >= 2
            && chunk.len > 0
            && chunk.block <= sizeBytes / FileHeader.BLOCK_BYTES - chunk.len
            && chunk.version <= header.version();
    if (!inside) {
      throw damaged(atBytes, "is where a chunk should be and cannot be");
    }
    if (Space.isLive(chunk) && readChunkHeaderAndFooter(chunk.block, chunk.id) == null) {
      throw damaged(atBytes, "is not the chunk that the layout names");
    }
    if (Space.isLive(chunk) && chunk.version > header.syncedVersion()) {
      ChunkSeal.check(file, atBytes, (long) chunk.len * FileHeader.BLOCK_BYTES);
    }
  }

  /** MVStore takes a chunk that cannot be read for one that is not there. */
  private StorageException damaged(long atBytes, String what) {
    return readFailure == null
        ? StorageException.corrupt(file.path(), atBytes, what)
        : readFailure.again();
  }

  @Override
  public SFChunk createChunk(String text) {
    Map<String, String> fields = DataUtils.parseMap(text);
    long pages = DataUtils.readHexLong(fields, "pages", 0);
    long blocks = DataUtils.readHexLong(fields, "len", 0);
    if (pages < 0 || pages > blocks * FileHeader.BLOCK_BYTES) {
      throw DataUtils.newMVStoreException(
          DataUtils.ERROR_FILE_CORRUPT, "a chunk of {0} pages", pages);
    }
    return super.createChunk(text);
  }

  @Override
  protected void shrinkStoreIfPossible(int minPercent) {
    // Only where it is known what is durable: see reuse.
  }

  @Override
  protected void truncate(long size) {
    throw new UnsupportedOperationException();
  }

  @Override
  protected void compactStore(int fillRate, long millis, int size, org.h2.mvstore.MVStore store) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void open(String fileName, boolean readOnly, char[] encryptionKey) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileStore<SFChunk> open(String fileName, boolean readOnly) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void backup(ZipOutputStream out) {
    throw new UnsupportedOperationException();
  }

  @Override
  public String toString() {
    return file.path().toString();
  }
}
