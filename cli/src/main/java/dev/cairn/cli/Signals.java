package dev.cairn.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;

/**
 * Until closed, runs something at SIGTERM or SIGINT instead of ending the process, so that a server
 * that was asked to end can end as a success. A shutdown hook cannot change the exit code (143),
 * and halting from one skips the removal of temporary files.
 *
 * <p>By reflection, because the class behind it is in no Java specification: where it is missing
 * the process ends as it would without us.
 */
final class Signals implements AutoCloseable {
  private final Runnable first;
  private final List<Object[]> previous = new ArrayList<>();

  private Signals(Runnable first) {
    this.first = first;
  }

  /** Runs this at the first signal; a second one ends the process at once. */
  static Signals onTermination(Runnable first) {
    Signals signals = new Signals(first);
    for (String name : new String[] {"TERM", "INT"}) {
      try {
        signals.take(name);
      } catch (ReflectiveOperationException | IllegalArgumentException unavailable) {
        // Another platform, or a JVM that was told to leave signals alone.
      }
    }
    return signals;
  }

  private void take(String name) throws ReflectiveOperationException {
    Object signal = signalType().getConstructor(String.class).newInstance(name);
    InvocationHandler once =
        (proxy, method, args) -> {
          if (method.getDeclaringClass() == Object.class) {
            return method.getName().equals("equals") ? proxy == args[0] : method.invoke(this, args);
          }
          close();
          first.run();
          return null;
        };
    Class<?>[] types = {handlerType()};
    Object ours = Proxy.newProxyInstance(Signals.class.getClassLoader(), types, once);
    Object before = set(signal, ours);
    synchronized (this) {
      previous.add(new Object[] {signal, before});
    }
  }

  private static Class<?> signalType() throws ClassNotFoundException {
    return Class.forName("sun.misc.Signal");
  }

  private static Class<?> handlerType() throws ClassNotFoundException {
    return Class.forName("sun.misc.SignalHandler");
  }

  private static Object set(Object signal, Object handler) throws ReflectiveOperationException {
    return signalType()
        .getMethod("handle", signalType(), handlerType())
        .invoke(null, signal, handler);
  }

  /** Puts back what was done at these signals before. Idempotent. */
  @Override
  public synchronized void close() {
    for (Object[] taken : previous) {
      try {
        set(taken[0], taken[1]);
      } catch (ReflectiveOperationException impossible) {
        throw new IllegalStateException(impossible);
      }
    }
    previous.clear();
  }
}
