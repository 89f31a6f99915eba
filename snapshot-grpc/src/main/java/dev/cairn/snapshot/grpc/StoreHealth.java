package dev.cairn.snapshot.grpc;

import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.store.Store;
import io.grpc.BindableService;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * gRPC's health service for a server of a store: SERVING while the store takes updates, or was
 * opened for reading alone; NOT_SERVING when it has stopped, waits for space or is closed, and for
 * ever once this is closed. The store is looked at a few times a second, so that those who watch
 * are told, too. Thread-safe.
 */
final class StoreHealth implements AutoCloseable {
  /** The server as a whole, and each service by its name. */
  private static final List<String> NAMES =
      List.of(
          HealthStatusManager.SERVICE_NAME_ALL_SERVICES,
          MaintenanceMethods.SCHEMA.fullName(),
          KvMethods.SCHEMA.fullName());

  private static final long PERIOD_MILLIS = 250;

  private final Store store;
  private final HealthStatusManager statuses = new HealthStatusManager();
  private final ScheduledExecutorService timer;

  private StoreHealth(Store store) {
    this.store = store;
    timer =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "cairn-health");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Looks at a store until it is closed. */
  static StoreHealth of(Store store) {
    StoreHealth health = new StoreHealth(store);
    health.look();
    health.timer.scheduleWithFixedDelay(
        health::look, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    return health;
  }

  BindableService service() {
    return statuses.getHealthService();
  }

  private void look() {
    ServingStatus status = isServing() ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
    for (String name : NAMES) {
      statuses.setStatus(name, status);
    }
  }

  private boolean isServing() {
    try {
      Optional<StorageException> refusal = store.refusal();
      return refusal.isEmpty() || refusal.get().code() == Code.READ_ONLY;
    } catch (RuntimeException e) {
      // Whatever it is: a timer that throws would never look again.
      return false;
    }
  }

  /** Tells everybody that nothing is served any more. Idempotent. */
  @Override
  public void close() {
    statuses.enterTerminalState();
    timer.shutdownNow();
  }
}
