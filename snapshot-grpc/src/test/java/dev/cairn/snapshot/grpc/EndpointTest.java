package dev.cairn.snapshot.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {
  @ParameterizedTest
  @CsvSource({
    "127.0.0.1:2379, BARE, 127.0.0.1, 2379",
    "http://127.0.0.1:2379, HTTP, 127.0.0.1, 2379",
    "https://127.0.0.1:2379, HTTPS, 127.0.0.1, 2379",
    "http://db_1.local:65535/, HTTP, db_1.local, 65535",
    "[::1]:1, BARE, [::1], 1",
    "https://[fe80::1%eth0]:9, HTTPS, [fe80::1%eth0], 9",
  })
  void hostAndPort(String text, Endpoint.Scheme scheme, String host, int port) {
    assertEquals(new Endpoint(scheme, host, port), Endpoint.parse(text));
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
        "https://host",
        "https:/host:1",
        "httpss://host:1",
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

  /** As etcdctl 3.4 does: certificates do not make http:// secure, nor does the skipping alone. */
  @Test
  void whenToEncrypt() {
    ClientTls none = ClientTls.defaults();
    ClientTls skips = none.withVerificationSkipped();
    ClientTls trusting = none.withCaFile(Path.of("ca"));
    ClientTls showing = none.withCertificate(Path.of("cert"), Path.of("key"));
    for (ClientTls tls : List.of(none, skips, trusting, showing)) {
      assertFalse(Endpoint.parse("http://host:1").secure(tls));
      assertTrue(Endpoint.parse("https://host:1").secure(tls));
      assertEquals(tls == trusting || tls == showing, Endpoint.parse("host:1").secure(tls));
    }
  }

  @Test
  void aPasswordWhereNoneBelongsIsNotRepeated() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> Endpoint.parse("http://root:secret@host:1"));
    assertFalse(e.getMessage().contains("secret"), e.getMessage());
    assertTrue(e.getMessage().contains("host:1"), e.getMessage());
  }
}
