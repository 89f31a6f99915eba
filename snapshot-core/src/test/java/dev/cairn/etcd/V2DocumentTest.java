package dev.cairn.etcd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.etcd.JsonReader.Digits;
import dev.cairn.etcd.JsonReader.NoJsonException;
import dev.cairn.io.LocalDisk;
import dev.cairn.snap.SnapFile;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.wal.RaftFixture;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class V2DocumentTest {
  @TempDir Path directory;

  private byte[] document(RaftFixture fixture, String file) {
    return SnapFile.read(LocalDisk.INSTANCE, fixture.unpack(file, directory)).data();
  }

  @Test
  void ofARunningServer() {
    V2Document document =
        V2Document.read(document(RaftFixture.WAL, "0000000000000002-0000000000000065.snap"));
    Member member =
        new Member(
            0xc7c8130edc8244a8L,
            "alphaw",
            List.of("http://127.0.0.1:43841"),
            List.of("http://127.0.0.1:43840"),
            false);
    assertEquals(
        new V2Document(document.index(), List.of(member), List.of(), Optional.of("3.4.0")),
        document);
    assertTrue(document.index() >= 3);
  }

  @Test
  void ofARestore() {
    V2Document document =
        V2Document.read(
            document(RaftFixture.RESTORED_M2, "0000000000000001-0000000000000003.snap"));
    assertEquals(3, document.index());
    assertEquals(Optional.empty(), document.clusterVersion());
    assertEquals(
        List.of("http://127.0.0.1:22380", "http://127.0.0.1:22381"),
        document.members().get(1).peerUrls());
    assertEquals("", document.members().get(1).name());
  }

  @Test
  void learnersAndRemovedMembers() {
    String json =
        """
        {"Root": {"Children": {"0": {"Children": {
          "members": {"Children": {
            "b": {"Children": {"raftAttributes": {"Value": "{\\"isLearner\\":true}"}}},
            "ffffffffffffffff": {"Children": null},
            "2": {}}},
          "removed_members": {"Children": {"a1": {"Value": ""}}}}}}},
         "CurrentIndex": 18446744073709551615}
        """;
    V2Document document = V2Document.read(json.getBytes(StandardCharsets.UTF_8));
    assertEquals(-1, document.index());
    assertEquals(List.of(2L, 11L, -1L), document.members().stream().map(Member::id).toList());
    assertTrue(document.members().get(1).learner());
    assertEquals(List.of(0xa1L), document.removed());
  }

  @Test
  void aLearnerIsWrittenAsOne() {
    Member learner = new Member(1, "", List.of("http://a:1"), List.of("http://b:2"), true);
    assertEquals(
        "{\"id\":1,\"peerURLs\":[\"http://a:1\"],\"isLearner\":true,"
            + "\"clientURLs\":[\"http://b:2\"]}",
        learner.json());
    byte[] written = V2DocumentWriter.write(List.of(learner), TargetVersion.V3_4);
    Member read = V2Document.read(written).members().get(0);
    assertTrue(read.learner());
    assertEquals(learner.peerUrls(), read.peerUrls());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "null",
        "{\"Root\":{}}",
        "{\"Root\":{\"Children\":{}}}",
        "{\"Root\":{\"Children\":{}},\"CurrentIndex\":-1}",
        "{\"Root\":{\"Children\":{}},\"CurrentIndex\":1.5}",
        "{\"Root\":{\"Children\":{}},\"CurrentIndex\":1}x",
        "{\"Root\":{\"Children\":{\"0\":{\"Children\":{\"members\":{\"Children\":{\"x\":{}}}}}}},"
            + "\"CurrentIndex\":1}"
      })
  void whatIsNoDocumentIsDamage(String json) {
    StorageException damaged =
        assertThrows(
            StorageException.class, () -> V2Document.read(json.getBytes(StandardCharsets.UTF_8)));
    assertEquals(Code.CORRUPT, damaged.code());
  }

  @Test
  void jsonOfEveryKindIsRead() throws NoJsonException {
    assertEquals(
        Map.of("a", Arrays.asList(new Digits("-1.5e3"), true, false, null), "b", Map.of()),
        JsonReader.read(" { \"a\" : [ -1.5e3 , true,false ,null ] ,\t\"b\":{}\r\n} "));
    assertEquals("\"\\/\b\f\n\r\t\u00e9", JsonReader.read("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\""));
    assertEquals(List.of(), JsonReader.read("[]"));
    assertNull(JsonReader.read("null"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        " ",
        "{\"a\"}",
        "{\"a\":}",
        "{a:1}",
        "[1,]",
        "[1",
        "\"",
        "\"\\",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\u12g4\"",
        "tru",
        "1 2",
        "{\"a\":1,}",
        "]"
      })
  void otherTextIsNoJson(String text) {
    assertThrows(NoJsonException.class, () -> JsonReader.read(text));
  }

  @Test
  void depthIsBounded() throws NoJsonException {
    JsonReader.read("[".repeat(60) + "]".repeat(60));
    for (String open : List.of("[", "{\"a\":")) {
      String deep = open.repeat(1_000_000);
      assertThrows(NoJsonException.class, () -> JsonReader.read(deep));
    }
  }
}
