package dev.cairn.etcd;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.Type;
import com.google.protobuf.Message;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Takes messages apart into maps, without what is a user's own. */
final class MessageFields {
  private static final String HEADER = "header";
  private static final Set<String> SECRETS = Set.of("password", "hashedPassword", "simple_token");
  private static final Set<String> VALUES = Set.of("value", "Val", "PrevValue");
  private static final String PATH = "Path";

  /** Of etcd 2's keys those that are the cluster's own: members and version. */
  private static final String CLUSTER_PATH = "/0/";

  /** A field that is a message. */
  record Named(String name, Map<String, Object> fields) {}

  private MessageFields() {}

  /** The first field that is a message, but for the header. */
  static Optional<Named> firstMessage(Message message) {
    return message.getAllFields().entrySet().stream()
        .filter(each -> each.getKey().getType() == Type.MESSAGE)
        .filter(each -> !each.getKey().getName().equals(HEADER))
        .findFirst()
        .map(each -> new Named(each.getKey().getName(), of((Message) each.getValue())));
  }

  /** The fields that are set to more than nothing, in the order of their numbers. */
  static Map<String, Object> of(Message message) {
    Map<String, Object> fields = new LinkedHashMap<>();
    boolean shown = isOfCluster(message);
    message
        .getAllFields()
        .forEach(
            (field, value) -> {
              if (!isNothing(value)) {
                put(fields, field, value, shown);
              }
            });
    return Collections.unmodifiableMap(fields);
  }

  /** Requests of etcd 2 have all their fields, whether they are used or not. */
  private static boolean isNothing(Object value) {
    return value.equals(0L) || value.equals(0) || value.equals(false) || value.equals("");
  }

  private static boolean isOfCluster(Message message) {
    FieldDescriptor path = message.getDescriptorForType().findFieldByName(PATH);
    return path != null && message.getField(path).toString().startsWith(CLUSTER_PATH);
  }

  private static void put(
      Map<String, Object> fields, FieldDescriptor field, Object value, boolean shown) {
    String name = field.getName();
    if (SECRETS.contains(name)) {
      return;
    }
    if (VALUES.contains(name) && !shown) {
      fields.put(name + "Bytes", sizeBytes(value));
    } else if (field.isRepeated()) {
      fields.put(name, ((List<?>) value).stream().map(each -> plain(field, each)).toList());
    } else {
      fields.put(name, plain(field, value));
    }
  }

  private static long sizeBytes(Object value) {
    return value instanceof ByteString bytes
        ? bytes.size()
        : ((String) value).getBytes(StandardCharsets.UTF_8).length;
  }

  private static Object plain(FieldDescriptor field, Object value) {
    return switch (field.getType()) {
      case MESSAGE -> of((Message) value);
      case BYTES -> ((ByteString) value).toByteArray();
      case ENUM -> ((EnumValueDescriptor) value).getName();
      case UINT64 -> unsigned((Long) value);
      default -> value;
    };
  }

  private static Number unsigned(long value) {
    return value >= 0 ? value : (Number) new BigInteger(Long.toUnsignedString(value));
  }
}
