package dev.cairn.snapshot.grpc;

import dev.cairn.etcd.proto.CompactionRequest;
import dev.cairn.etcd.proto.CompactionResponse;
import dev.cairn.etcd.proto.DeleteRangeRequest;
import dev.cairn.etcd.proto.DeleteRangeResponse;
import dev.cairn.etcd.proto.KeyValueService;
import dev.cairn.etcd.proto.PutRequest;
import dev.cairn.etcd.proto.PutResponse;
import dev.cairn.etcd.proto.RangeRequest;
import dev.cairn.etcd.proto.RangeResponse;
import dev.cairn.etcd.proto.TxnRequest;
import dev.cairn.etcd.proto.TxnResponse;
import io.grpc.MethodDescriptor;
import io.grpc.ServiceDescriptor;

/** The methods of etcd's KV service. */
final class KvMethods {
  static final ServiceSchema SCHEMA = new ServiceSchema(KeyValueService.getDescriptor(), "KV");

  static final MethodDescriptor<RangeRequest, RangeResponse> RANGE =
      SCHEMA.unary("Range", RangeRequest.getDefaultInstance(), RangeResponse.getDefaultInstance());
  static final MethodDescriptor<PutRequest, PutResponse> PUT =
      SCHEMA.unary("Put", PutRequest.getDefaultInstance(), PutResponse.getDefaultInstance());
  static final MethodDescriptor<DeleteRangeRequest, DeleteRangeResponse> DELETE_RANGE =
      SCHEMA.unary(
          "DeleteRange",
          DeleteRangeRequest.getDefaultInstance(),
          DeleteRangeResponse.getDefaultInstance());
  static final MethodDescriptor<TxnRequest, TxnResponse> TXN =
      SCHEMA.unary("Txn", TxnRequest.getDefaultInstance(), TxnResponse.getDefaultInstance());
  static final MethodDescriptor<CompactionRequest, CompactionResponse> COMPACT =
      SCHEMA.unary(
          "Compact",
          CompactionRequest.getDefaultInstance(),
          CompactionResponse.getDefaultInstance());

  private KvMethods() {}

  static ServiceDescriptor service() {
    return SCHEMA
        .descriptor()
        .addMethod(RANGE)
        .addMethod(PUT)
        .addMethod(DELETE_RANGE)
        .addMethod(TXN)
        .addMethod(COMPACT)
        .build();
  }
}
