package dev.cairn.snapshot.http;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import java.io.EOFException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Messages as etcd's gateway writes and reads them: names of the description, numbers of 64 bits as
 * text, nothing that is zero. It reads leniently: nothing at all is an empty message, and fields
 * that it does not know it passes over. Thread-safe.
 */
final class Json {
  private static final Pattern PLACE = Pattern.compile("line [0-9]+ column [0-9]+");

  private final JsonFormat.Printer printer =
      JsonFormat.printer().preservingProtoFieldNames().omittingInsignificantWhitespace();
  private final JsonFormat.Parser parser = JsonFormat.parser();

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
    JsonElement json = text.isEmpty() ? new JsonObject() : parse(text);
    if (json.isJsonNull()) {
      return empty;
    }
    if (!json.isJsonObject()) {
      throw new Malformed("json: a request is an object");
    }
    Message.Builder message = empty.newBuilderForType();
    try {
      parser.merge(known(json.getAsJsonObject(), empty.getDescriptorForType()), message);
    } catch (InvalidProtocolBufferException e) {
      throw new Malformed("json: " + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    }
    return message.build();
  }

  /** The first value of a text; like etcd, it does not look what comes behind it. */
  private static JsonElement parse(String text) throws Malformed {
    JsonReader reader = new JsonReader(new StringReader(text));
    reader.setStrictness(Strictness.STRICT);
    try {
      return JsonParser.parseReader(reader);
    } catch (JsonParseException e) {
      throw new Malformed(what(e));
    }
  }

  /** Without what the message has no field for: what is in a field is read strictly. */
  private static String known(JsonObject json, Descriptor type) {
    for (String name : List.copyOf(json.keySet())) {
      boolean known =
          type.getFields().stream()
              .anyMatch(field -> field.getName().equals(name) || field.getJsonName().equals(name));
      if (!known) {
        json.remove(name);
      }
    }
    return json.toString();
  }

  private static String what(JsonParseException e) {
    if (e.getCause() instanceof EOFException) {
      return "unexpected EOF";
    }
    Matcher place = PLACE.matcher(String.valueOf(e.getMessage()));
    return "json: malformed" + (place.find() ? " at " + place.group() : "");
  }
}
