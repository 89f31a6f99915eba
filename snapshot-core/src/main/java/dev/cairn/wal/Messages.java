package dev.cairn.wal;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import com.google.protobuf.UnsafeByteOperations;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;

/** Parses messages, with our errors. */
final class Messages {
  private Messages() {}

  /** A view of bytes that nobody changes any more. */
  static ByteString wrap(byte[] bytes) {
    return UnsafeByteOperations.unsafeWrap(bytes);
  }

  static <M extends MessageLite> M parse(Parser<M> parser, byte[] bytes, String what) {
    try {
      return parser.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw damaged(what);
    }
  }

  /** A field that etcd writes even when it is 0; its absence, or an unknown value, is damage. */
  static void require(boolean present, String what) {
    if (!present) {
      throw damaged(what);
    }
  }

  private static StorageException damaged(String what) {
    return StorageException.of(Code.CORRUPT, "the bytes are no " + what);
  }
}
