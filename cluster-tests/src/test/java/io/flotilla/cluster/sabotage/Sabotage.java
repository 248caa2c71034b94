package io.flotilla.cluster.sabotage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Runs within a node: what the woven-in code calls. A file says at which point the process is to
 * die, and at which pass of it; it is looked at ten times a second, so that a test can arm the
 * point at any time. Safe.
 */
public final class Sabotage {
  /** The exit code of a killed process, which is what this one is meant to look like. */
  static final int KILLED = 137;

  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private static volatile String armed = "";
  private static final AtomicInteger passesLeft = new AtomicInteger();
  private static final ThreadLocal<@Nullable String> afterWrite = new ThreadLocal<>();
  private static volatile Path orders = Path.of("");

  private Sabotage() {}

  static void obey(Path file) {
    orders = file;
    Thread thread = new Thread(Sabotage::look, "sabotage");
    thread.setDaemon(true);
    thread.start();
  }

  private static void look() {
    String known = "";
    while (true) {
      try {
        String now = Files.exists(orders) ? Files.readString(orders).strip() : "";
        if (!now.equals(known)) {
          known = now;
          arm(now);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  private static void arm(String order) {
    if (order.isEmpty()) {
      armed = "";
      return;
    }
    int space = order.indexOf(' ');
    passesLeft.set(Integer.parseInt(order.substring(space + 1)));
    armed = order.substring(0, space);
  }

  /** Called at each point. */
  public static void reached(String point) {
    if (armed.equals(point) && passesLeft.decrementAndGet() == 0) {
      die(point);
    }
  }

  /** Called where a point lies behind the thread's next write. */
  public static void reachedAfterWrite(String point) {
    if (armed.equals(point)) {
      afterWrite.set(point);
    }
  }

  /** Called after each write to the store. */
  public static void written() {
    String point = afterWrite.get();
    if (point != null) {
      afterWrite.remove();
      reached(point);
    }
  }

  private static void die(String point) {
    try {
      Files.writeString(crossed(orders), point + "\n", StandardOpenOption.CREATE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      Runtime.getRuntime().halt(KILLED);
    }
  }

  /** Where a process says at which point it died. */
  static Path crossed(Path orders) {
    return orders.resolveSibling(orders.getFileName() + ".crossed");
  }
}
