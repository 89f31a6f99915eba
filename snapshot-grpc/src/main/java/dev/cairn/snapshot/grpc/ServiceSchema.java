package dev.cairn.snapshot.grpc;

import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.Message;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import io.grpc.protobuf.ProtoServiceDescriptorSupplier;
import io.grpc.protobuf.ProtoUtils;

/** A service of etcd's as its file describes it: makes its methods, and shows it to reflection. */
class ServiceSchema implements ProtoServiceDescriptorSupplier {
  private final FileDescriptor file;
  private final String service;

  /** Of a file of package etcdserverpb. */
  ServiceSchema(FileDescriptor file, String service) {
    this.file = file;
    this.service = service;
  }

  @Override
  public FileDescriptor getFileDescriptor() {
    return file;
  }

  @Override
  public ServiceDescriptor getServiceDescriptor() {
    return file.findServiceByName(service);
  }

  /** Such as {@code etcdserverpb.KV}. */
  String fullName() {
    return getServiceDescriptor().getFullName();
  }

  io.grpc.ServiceDescriptor.Builder descriptor() {
    return io.grpc.ServiceDescriptor.newBuilder(fullName()).setSchemaDescriptor(this);
  }

  <Q extends Message, R extends Message> io.grpc.MethodDescriptor<Q, R> unary(
      String name, Q request, R response) {
    return method(
        name, MethodType.UNARY, ProtoUtils.marshaller(request), ProtoUtils.marshaller(response));
  }

  <Q, R> io.grpc.MethodDescriptor<Q, R> method(
      String name, MethodType type, Marshaller<Q> request, Marshaller<R> response) {
    return io.grpc.MethodDescriptor.newBuilder(request, response)
        .setType(type)
        .setFullMethodName(io.grpc.MethodDescriptor.generateFullMethodName(fullName(), name))
        .setSchemaDescriptor(new MethodSchema(file, service, name))
        .build();
  }

  private static final class MethodSchema extends ServiceSchema
      implements ProtoMethodDescriptorSupplier {
    private final String name;

    MethodSchema(FileDescriptor file, String service, String name) {
      super(file, service);
      this.name = name;
    }

    @Override
    public MethodDescriptor getMethodDescriptor() {
      return getServiceDescriptor().findMethodByName(name);
    }
  }
}
