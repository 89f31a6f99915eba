package dev.cairn.wal;

import dev.cairn.io.Disk;
import dev.cairn.io.DiskFile;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/** A disk whose file syncs can be waited in. */
final class SyncTap {
  private SyncTap() {}

  /** The same disk; before each sync of a file something runs, on the thread that syncs. */
  static Disk on(Disk disk, Runnable beforeSync) {
    return proxy(Disk.class, disk, beforeSync);
  }

  private static <T> T proxy(Class<T> type, T target, Runnable beforeSync) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> call(target, method, arguments, beforeSync)));
  }

  private static Object call(Object target, Method method, Object[] arguments, Runnable beforeSync)
      throws Throwable {
    if (method.getName().equals("sync")) {
      beforeSync.run();
    }
    try {
      Object result = method.invoke(target, arguments);
      return result instanceof DiskFile file ? proxy(DiskFile.class, file, beforeSync) : result;
    } catch (InvocationTargetException thrown) {
      throw thrown.getCause();
    }
  }
}
