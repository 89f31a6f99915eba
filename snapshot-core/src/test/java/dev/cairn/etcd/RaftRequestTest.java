package dev.cairn.etcd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.ByteString;
import dev.cairn.etcd.proto.RaftRequests.AuthUserAddRequest;
import dev.cairn.etcd.proto.RaftRequests.AuthenticateRequest;
import dev.cairn.etcd.proto.RaftRequests.ClusterMemberAttrSetRequest;
import dev.cairn.etcd.proto.RaftRequests.InternalRaftRequest;
import dev.cairn.etcd.proto.RaftRequests.PutRequest;
import dev.cairn.etcd.proto.RaftRequests.RequestHeader;
import dev.cairn.etcd.proto.RaftRequests.RequestOp;
import dev.cairn.etcd.proto.RaftRequests.RequestV2;
import dev.cairn.etcd.proto.RaftRequests.TxnRequest;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.testkit.TestRun;
import java.math.BigInteger;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RaftRequestTest {
  private static RaftRequest decode(String hex) {
    return RaftRequest.decode(HexFormat.of().parseHex(hex));
  }

  private static RaftRequest decode(InternalRaftRequest.Builder request) {
    return RaftRequest.decode(request.build().toByteArray());
  }

  private static byte[] key(Map<String, Object> fields, String name) {
    return (byte[]) fields.get(name);
  }

  /** Entry 6 of the fixture {@code live}, byte by byte. */
  @Test
  void aPutOfARealServer() {
    RaftRequest put =
        decode("22120a077075622f303030120776616c75652d30a2060b0886b49b83b3bfe8bdbf01");
    assertEquals("put", put.kind());
    assertArrayEquals("pub/000".getBytes(), key(put.fields(), "key"));
    assertEquals(7L, put.fields().get("valueBytes"));
    assertFalse(put.fields().containsKey("value"));
  }

  /** A number, and the name of what stands behind it, for each kind that etcd has. */
  @Test
  void everyKindIsNamed() {
    Map<Integer, String> kinds =
        Map.ofEntries(
            Map.entry(3, "range"),
            Map.entry(4, "put"),
            Map.entry(5, "delete_range"),
            Map.entry(6, "txn"),
            Map.entry(7, "compaction"),
            Map.entry(8, "lease_grant"),
            Map.entry(9, "lease_revoke"),
            Map.entry(10, "alarm"),
            Map.entry(11, "lease_checkpoint"),
            Map.entry(1000, "auth_enable"),
            Map.entry(1011, "auth_disable"),
            Map.entry(1012, "authenticate"),
            Map.entry(1013, "auth_status"),
            Map.entry(1100, "auth_user_add"),
            Map.entry(1101, "auth_user_delete"),
            Map.entry(1102, "auth_user_get"),
            Map.entry(1103, "auth_user_change_password"),
            Map.entry(1104, "auth_user_grant_role"),
            Map.entry(1105, "auth_user_revoke_role"),
            Map.entry(1106, "auth_user_list"),
            Map.entry(1107, "auth_role_list"),
            Map.entry(1200, "auth_role_add"),
            Map.entry(1201, "auth_role_delete"),
            Map.entry(1202, "auth_role_get"),
            Map.entry(1203, "auth_role_grant_permission"),
            Map.entry(1204, "auth_role_revoke_permission"),
            Map.entry(1300, "cluster_version_set"),
            Map.entry(1301, "cluster_member_attr_set"),
            Map.entry(1302, "downgrade_info_set"),
            Map.entry(9900, "downgrade_version_test"));
    kinds.forEach(
        (number, name) -> {
          int tag = number << 3 | 2;
          String hex = tag < 128 ? "%02x".formatted(tag) : varint(tag);
          assertEquals(name, decode(hex + "00").kind());
        });
    assertEquals("none", decode("").kind());
    assertEquals("unknown", decode("a2060208" + "05").kind());
    TestRun.report("kinds of requests named", kinds.size());
  }

  private static String varint(int value) {
    StringBuilder hex = new StringBuilder();
    int left = value;
    while (left >= 128) {
      hex.append("%02x".formatted(left & 127 | 128));
      left >>= 7;
    }
    return hex.append("%02x".formatted(left)).toString();
  }

  @Test
  void aTransactionIsTakenApart() {
    PutRequest put =
        PutRequest.newBuilder()
            .setKey(ByteString.copyFromUtf8("k"))
            .setValue(ByteString.copyFromUtf8("value"))
            .setLease(-1)
            .build();
    TxnRequest inner =
        TxnRequest.newBuilder().addFailure(RequestOp.newBuilder().setRequestPut(put)).build();
    RaftRequest txn =
        decode(
            InternalRaftRequest.newBuilder()
                .setHeader(RequestHeader.newBuilder().setID(9).setUsername("root"))
                .setTxn(
                    TxnRequest.newBuilder()
                        .addSuccess(RequestOp.newBuilder().setRequestTxn(inner))));
    assertEquals("txn", txn.kind());
    assertEquals(9, txn.id());
    assertEquals("root", txn.username());
    Map<?, ?> outerOp = (Map<?, ?>) ((List<?>) txn.fields().get("success")).get(0);
    Map<?, ?> innerTxn = (Map<?, ?>) outerOp.get("request_txn");
    Map<?, ?> innerOp = (Map<?, ?>) ((List<?>) innerTxn.get("failure")).get(0);
    Map<?, ?> fields = (Map<?, ?>) innerOp.get("request_put");
    assertEquals(5L, fields.get("valueBytes"));
    assertEquals(-1L, fields.get("lease"));
  }

  @Test
  void passwordsAreNotShown() {
    RaftRequest user =
        decode(
            InternalRaftRequest.newBuilder()
                .setAuthUserAdd(
                    AuthUserAddRequest.newBuilder()
                        .setName("ada")
                        .setPassword("secret")
                        .setHashedPassword("secret")));
    assertEquals(Map.of("name", "ada"), user.fields());
    RaftRequest login =
        decode(
            InternalRaftRequest.newBuilder()
                .setAuthenticate(
                    AuthenticateRequest.newBuilder()
                        .setName("ada")
                        .setPassword("secret")
                        .setSimpleToken("secret")));
    assertEquals(Map.of("name", "ada"), login.fields());
  }

  @Test
  void idsAreUnsigned() {
    RaftRequest attributes =
        decode(
            InternalRaftRequest.newBuilder()
                .setClusterMemberAttrSet(ClusterMemberAttrSetRequest.newBuilder().setMemberID(-1)));
    assertEquals(new BigInteger("18446744073709551615"), attributes.fields().get("member_ID"));
  }

  @Test
  void requestsOfEtcd2AreTold() {
    for (String method : List.of("PUT", "POST", "DELETE", "QGET", "SYNC", "GET")) {
      RequestV2.Builder request =
          RequestV2.newBuilder().setID(-7).setMethod(method).setPath("/1/key").setVal("secret");
      RaftRequest decoded = RaftRequest.decode(request.build().toByteArray());
      assertEquals("v2", decoded.kind(), method);
      assertEquals(-7, decoded.id());
      assertEquals(method, decoded.fields().get("Method"));
      assertEquals(6L, decoded.fields().get("ValBytes"));
    }
    RequestV2.Builder version =
        RequestV2.newBuilder().setMethod("PUT").setPath("/0/version").setVal("3.4.0");
    assertEquals("3.4.0", RaftRequest.decode(version.build().toByteArray()).fields().get("Val"));
  }

  @Test
  void otherBytesAreDamage() {
    for (String hex : List.of("07", "22ff", "2203")) {
      assertEquals(Code.CORRUPT, assertThrows(StorageException.class, () -> decode(hex)).code());
    }
    // Deeper than anybody reads.
    TxnRequest txn = TxnRequest.getDefaultInstance();
    for (int i = 0; i < 200; i++) {
      txn = TxnRequest.newBuilder().addSuccess(RequestOp.newBuilder().setRequestTxn(txn)).build();
    }
    InternalRaftRequest.Builder deep = InternalRaftRequest.newBuilder().setTxn(txn);
    assertEquals(Code.CORRUPT, assertThrows(StorageException.class, () -> decode(deep)).code());
  }
}
