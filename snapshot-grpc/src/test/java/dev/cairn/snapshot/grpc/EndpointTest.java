package dev.cairn.snapshot.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {
  @ParameterizedTest
  @CsvSource({
    "127.0.0.1:2379, 127.0.0.1, 2379",
    "http://127.0.0.1:2379, 127.0.0.1, 2379",
    "http://db_1.local:65535/, db_1.local, 65535",
    "[::1]:1, [::1], 1",
    "http://[fe80::1%eth0]:9, [fe80::1%eth0], 9",
  })
  void hostAndPort(String text, String host, int port) {
    assertEquals(new Endpoint(host, port), Endpoint.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":1",
        "host",
        "host:",
        "host:0",
        "host:65536",
        "host:99999999",
        "host:1:2",
        "::1:2",
        "http://host",
        "ftp://host:1",
        "http://host:1/path",
        "http://me@host:1",
        "a b:1",
        "http://host:1?x",
        "unix:/socket:1",
        "host:-1",
        "host:+1",
        "127.0.0.1:2379,127.0.0.1:2380"
      })
  void anythingElseIsRefused(String text) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Endpoint.parse(text));
    assertEquals(true, e.getMessage().contains("HOST:PORT"));
  }

  @Test
  void tlsComesLater() {
    StorageException e =
        assertThrows(StorageException.class, () -> Endpoint.parse("https://host:1"));
    assertEquals(Code.UNSUPPORTED, e.code());
  }
}
