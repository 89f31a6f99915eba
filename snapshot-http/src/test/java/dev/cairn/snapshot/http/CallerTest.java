package dev.cairn.snapshot.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.grpc.Metadata;
import org.junit.jupiter.api.Test;

/** Who calls, told on as the service's guards want it. */
class CallerTest {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<String> TOKEN =
      Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER);

  @Test
  void aBearerTokenIsToldAsItCame() {
    Metadata told = Maintenance.caller("Bearer abc");
    assertEquals("Bearer abc", told.get(AUTHORIZATION));
    assertNull(told.get(TOKEN));
    assertNull(Maintenance.caller("bearer abc").get(TOKEN));
  }

  @Test
  void whatEtcdGaveOutIsToldAsItsToken() {
    Metadata told = Maintenance.caller("ABCDEF.12");
    assertEquals("ABCDEF.12", told.get(AUTHORIZATION));
    assertEquals("ABCDEF.12", told.get(TOKEN));
  }

  @Test
  void nobodyIsNobody() {
    assertEquals(0, Maintenance.caller(null).keys().size());
  }
}
