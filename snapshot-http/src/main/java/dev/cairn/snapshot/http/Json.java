package dev.cairn.snapshot.http;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import java.io.EOFException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Messages as etcd's gateway writes and reads them: names of the description, numbers of 64 bits as
 * text, nothing that is zero. It reads leniently: nothing at all is an empty message, and what it
 * does not know it passes over. Thread-safe.
 */
final class Json {
  private final JsonFormat.Printer printer =
      JsonFormat.printer().preservingProtoFieldNames().omittingInsignificantWhitespace();
  private final JsonFormat.Parser parser = JsonFormat.parser().ignoringUnknownFields();

  /** What is wrong with a request, in one line. */
  static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    Malformed(String what) {
      super(what);
    }
  }

  ByteBuffer write(Message message) {
    try {
      return ByteBuffer.wrap(printer.print(message).getBytes(StandardCharsets.UTF_8));
    } catch (InvalidProtocolBufferException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  Message read(byte[] body, Message empty) throws Malformed {
    String text = new String(body, StandardCharsets.UTF_8).strip();
    if (text.isEmpty() || text.equals("null")) {
      return empty;
    }
    Message.Builder message = empty.newBuilderForType();
    try {
      parser.merge(text, message);
    } catch (InvalidProtocolBufferException e) {
      throw new Malformed(what(e));
    }
    return message.build();
  }

  private static String what(InvalidProtocolBufferException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof EOFException) {
        return "unexpected EOF";
      }
    }
    String text = String.valueOf(e.getMessage());
    return text.lines().findFirst().orElse("malformed");
  }
}
