package dev.cairn.snapshot;

/** Two pieces of work at the same time. */
final class Beside {
  private Beside() {}

  /**
   * Runs one on a thread of its own and the other here, both to their ends. An interrupt cuts
   * neither short.
   *
   * @param name the thread's
   * @param first its failure is thrown, whatever becomes of the other one
   * @param second runs here
   */
  static void run(String name, Runnable first, Runnable second) {
    Outcome outcome = new Outcome(first);
    Thread thread = new Thread(outcome, name);
    thread.setDaemon(true);
    thread.start();
    try {
      second.run();
    } finally {
      join(thread);
      outcome.rethrow();
    }
  }

  private static void join(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Read only when the thread has ended. */
  private static final class Outcome implements Runnable {
    private final Runnable work;
    private RuntimeException exception;
    private Error error;

    Outcome(Runnable work) {
      this.work = work;
    }

    @Override
    public void run() {
      try {
        work.run();
      } catch (RuntimeException e) {
        exception = e;
      } catch (Error e) {
        error = e;
      }
    }

    void rethrow() {
      if (error != null) {
        throw error;
      }
      if (exception != null) {
        throw exception;
      }
    }
  }
}
