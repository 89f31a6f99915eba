package dev.cairn.snapshot;

import dev.cairn.spi.StorageException.Code;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Files that are no good snapshots, with what must be said of each when it is to be restored. */
enum BadFile {
  EMPTY(Code.CORRUPT, "is empty") {
    @Override
    void write(Path file) throws IOException {
      Files.write(file, new byte[0]);
    }
  },
  TRUNCATED_IN_THE_IMAGE(Code.CORRUPT, "") {
    @Override
    void write(Path file) throws IOException {
      Files.write(file, Arrays.copyOf(Fixture.RICH.bytes(), 1_000_000));
    }
  },
  TRUNCATED_TO_A_MULTIPLE_AND_32(Code.CORRUPT, "") {
    @Override
    void write(Path file) throws IOException {
      Files.write(file, Arrays.copyOf(Fixture.RICH.bytes(), 512 * 1000 + 32));
    }
  },
  TRUNCATED_IN_THE_HASH(Code.CORRUPT, "") {
    @Override
    void write(Path file) throws IOException {
      byte[] bytes = Fixture.TINY.bytes();
      Files.write(file, Arrays.copyOf(bytes, bytes.length - 7));
    }
  },
  BIT_FLIPPED_IN_A_VALUE(Code.HASH_MISMATCH, "SHA-256") {
    @Override
    void write(Path file) throws IOException {
      byte[] bytes = Fixture.RICH.bytes();
      bytes[bytes.length - 100_000] ^= 4;
      Files.write(file, bytes);
    }
  },
  BIT_FLIPPED_IN_THE_HASH(Code.HASH_MISMATCH, "SHA-256") {
    @Override
    void write(Path file) throws IOException {
      byte[] bytes = Fixture.TINY.bytes();
      bytes[bytes.length - 1] ^= 1;
      Files.write(file, bytes);
    }
  },
  NATIVE_IMAGE_BIT_FLIPPED(Code.HASH_MISMATCH, "SHA-256") {
    @Override
    void write(Path file) throws IOException {
      byte[] bytes = LmdbFiles.snapshotFile();
      bytes[bytes.length / 2] ^= 16;
      Files.write(file, bytes);
    }
  },
  GZIPPED(Code.CORRUPT, "packed with gzip") {
    @Override
    void write(Path file) throws IOException {
      ByteArrayOutputStream packed = new ByteArrayOutputStream();
      try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
        gzip.write(Fixture.TINY.bytes());
      }
      Files.write(file, packed.toByteArray());
    }
  },
  ZIPPED(Code.CORRUPT, "packed with zip") {
    @Override
    void write(Path file) throws IOException {
      ByteArrayOutputStream packed = new ByteArrayOutputStream();
      try (ZipOutputStream zip = new ZipOutputStream(packed)) {
        zip.putNextEntry(new ZipEntry("snapshot.db"));
        zip.write(Fixture.TINY.bytes());
      }
      Files.write(file, packed.toByteArray());
    }
  },
  A_TEXT(Code.CORRUPT, "neither an etcd snapshot nor a file of an engine") {
    @Override
    void write(Path file) throws IOException {
      Files.write(file, "Dear reader,\n".repeat(100).getBytes(StandardCharsets.US_ASCII));
    }
  },
  A_HASH_ALONE(Code.CORRUPT, "is empty") {
    @Override
    void write(Path file) throws IOException {
      Files.write(file, Sha256.start().digest());
    }
  },
  A_USERS_OWN_LMDB_FILE(Code.UNSUPPORTED, "not a Cairn store") {
    @Override
    void write(Path file) throws IOException {
      Files.write(file, LmdbFiles.usersOwn());
    }
  },
  NESTED_BUCKETS(Code.UNSUPPORTED, "") {
    @Override
    void write(Path file) throws IOException {
      Files.write(file, Fixture.resource("nested.db.gz"));
    }
  };

  final Code code;
  final String text;

  BadFile(Code code, String text) {
    this.code = code;
    this.text = text;
  }

  abstract void write(Path file) throws IOException;
}
