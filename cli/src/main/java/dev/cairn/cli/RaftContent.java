package dev.cairn.cli;

import dev.cairn.etcd.Member;
import dev.cairn.etcd.RaftRequest;
import dev.cairn.wal.ConfChange;
import dev.cairn.wal.ConfState;
import dev.cairn.wal.Entry;
import dev.cairn.wal.EntryType;
import dev.cairn.wal.HardState;
import dev.cairn.wal.SnapshotNote;
import dev.cairn.wal.WalMetadata;
import dev.cairn.wal.WalRecord;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What stands in raft's files, as it is printed: ids in hex for people, as etcd prints them. */
final class RaftContent {
  private static final BytesText TEXT = new BytesText(false);

  private RaftContent() {}

  static Content of(WalRecord record) {
    return switch (record.type()) {
      case METADATA -> of(record.metadata());
      case ENTRY -> of(record.entry());
      case STATE -> of(record.hardState());
      case SNAPSHOT -> of(record.snapshot());
      case CRC -> new Content();
      case UNKNOWN -> new Content().put("dataBytes", Cell.of(record.data().length));
    };
  }

  private static Content of(WalMetadata metadata) {
    return new Content()
        .put("node", id(metadata.nodeId()))
        .put("cluster", id(metadata.clusterId()));
  }

  private static Content of(HardState state) {
    return new Content()
        .put("term", number(state.term()))
        .put("vote", id(state.vote()))
        .put("commit", number(state.commit()));
  }

  private static Content of(SnapshotNote note) {
    Content content =
        new Content().put("index", number(note.index())).put("term", number(note.term()));
    note.confState().ifPresent(state -> content.put("configuration", of(state)));
    return content;
  }

  static Content of(ConfState state) {
    Content content = new Content().put("voters", ids(state.voters()));
    putIfAny(content, "learners", state.learners());
    putIfAny(content, "votersOutgoing", state.votersOutgoing());
    putIfAny(content, "learnersNext", state.learnersNext());
    if (state.isJoint() || state.autoLeave()) {
      content.put("autoLeave", Cell.of(state.autoLeave()));
    }
    return content;
  }

  private static void putIfAny(Content content, String name, List<Long> ids) {
    if (!ids.isEmpty()) {
      content.put(name, ids(ids));
    }
  }

  static List<Cell> ids(List<Long> ids) {
    return ids.stream().map(RaftContent::id).toList();
  }

  private static Content of(Entry entry) {
    Content content =
        new Content()
            .put("index", number(entry.index()))
            .put("term", number(entry.term()))
            .put("entryType", Cell.of(lower(entry.type())));
    if (entry.type() == EntryType.NORMAL) {
      RaftRequest request = RaftRequest.decode(entry.data());
      content.put("kind", Cell.of(request.kind()));
      return request.kind().equals("none") ? content : content.put("request", of(request));
    }
    return content.put("change", of(ConfChange.decode(entry)));
  }

  private static Content of(ConfChange change) {
    Content content =
        new Content()
            .put("transition", Cell.of(lower(change.transition())))
            .put("steps", change.steps().stream().map(RaftContent::of).toList());
    if (change.context().length > 0) {
      Member.read(change.context())
          .ifPresentOrElse(
              member -> content.put("member", of(member)),
              () -> content.put("contextBytes", Cell.of(change.context().length)));
    }
    return content;
  }

  private static Content of(ConfChange.Step step) {
    return new Content()
        .put("action", Cell.of(lower(step.action())))
        .put("node", id(step.nodeId()));
  }

  static Content of(Member member) {
    Content content = new Content().put("id", id(member.id()));
    if (!member.name().isEmpty()) {
      content.put("name", text(member.name()));
    }
    content.put("peerURLs", texts(member.peerUrls()));
    if (!member.clientUrls().isEmpty()) {
      content.put("clientURLs", texts(member.clientUrls()));
    }
    return member.learner() ? content.put("isLearner", Cell.of(true)) : content;
  }

  private static Content of(RaftRequest request) {
    Content content = of(request.fields());
    if (request.id() != 0) {
      content.put("requestId", id(request.id()));
    }
    return request.username().isEmpty()
        ? content
        : content.put("username", text(request.username()));
  }

  private static Content of(Map<?, ?> fields) {
    Content content = new Content();
    fields.forEach((name, value) -> put(content, (String) name, value));
    return content;
  }

  private static void put(Content content, String name, Object value) {
    if (value instanceof Map<?, ?> map) {
      content.put(name, of(map));
    } else if (value instanceof List<?> list) {
      content.put(name, list.stream().map(RaftContent::plain).toList());
    } else {
      content.put(name, cell(value));
    }
  }

  private static Object plain(Object value) {
    return value instanceof Map<?, ?> map ? of(map) : cell(value);
  }

  private static Cell cell(Object value) {
    if (value instanceof byte[] bytes) {
      return new Cell(TEXT.show(bytes), Base64.getEncoder().encodeToString(bytes));
    }
    return value instanceof String string ? text(string) : new Cell(value.toString(), value);
  }

  static Cell text(String text) {
    return new Cell(TEXT.show(text.getBytes(StandardCharsets.UTF_8)), text);
  }

  private static List<Cell> texts(List<String> texts) {
    return texts.stream().map(RaftContent::text).toList();
  }

  /** Unsigned; a program gets all its digits. */
  static Cell number(long unsigned) {
    String digits = Long.toUnsignedString(unsigned);
    return new Cell(digits, new BigInteger(digits));
  }

  static Cell id(long id) {
    return new Cell(Long.toHexString(id), new BigInteger(Long.toUnsignedString(id)));
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
