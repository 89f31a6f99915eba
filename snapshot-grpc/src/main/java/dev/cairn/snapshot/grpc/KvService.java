package dev.cairn.snapshot.grpc;

import dev.cairn.store.Store;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;

/** etcd's KV service, for reading alone, to callers who may do anything. Thread-safe. */
final class KvService implements BindableService {
  private static final String READS_ALONE =
      "keys are served for reading alone; write through the process that has the store";

  private final MaintenanceConfig config;
  private final RangeAnswers answers;

  KvService(Store store, MaintenanceConfig config) {
    this.config = config;
    answers = new RangeAnswers(store, config);
  }

  @Override
  public ServerServiceDefinition bindService() {
    return CallerGate.before(unguarded(), config.callerCheck());
  }

  private ServerServiceDefinition unguarded() {
    return ServerServiceDefinition.builder(KvMethods.service())
        .addMethod(KvMethods.RANGE, UnaryCalls.answering(answers::range))
        .addMethod(KvMethods.PUT, UnaryCalls.unsupported(READS_ALONE))
        .addMethod(KvMethods.DELETE_RANGE, UnaryCalls.unsupported(READS_ALONE))
        .addMethod(KvMethods.TXN, UnaryCalls.unsupported(READS_ALONE))
        .addMethod(KvMethods.COMPACT, UnaryCalls.unsupported(READS_ALONE))
        .build();
  }
}
