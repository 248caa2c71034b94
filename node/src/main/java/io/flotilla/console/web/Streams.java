package io.flotilla.console.web;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open streams of the console: so many of each kind, a thread {@code flotilla-console-stream}
 * each; a browser that takes nothing for half a minute is given up. Safe.
 */
public final class Streams implements AutoCloseable {

  /** What follows a page: one a tab that is in sight. */
  public static final int PAGES_MAX = 32;

  /** What follows or searches events. */
  public static final int SCANS_MAX = 8;

  private static final Logger LOG = LoggerFactory.getLogger(Streams.class);
  private static final Duration STALL_MAX = Duration.ofSeconds(30);
  private static final long LOOK_SECONDS = 5;

  /** What is written to a stream, until it returns or the browser is gone. */
  public interface Writer {
    void write(EventStream stream) throws IOException, InterruptedException;
  }

  private final Semaphore pages = new Semaphore(PAGES_MAX);
  private final Semaphore scans = new Semaphore(SCANS_MAX);
  private final Set<EventStream> open = ConcurrentHashMap.newKeySet();
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService watch =
      Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "flotilla-console-watch"));

  public Streams() {
    var unused =
        watch.scheduleWithFixedDelay(this::look, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
  }

  /** A thread that does not keep the process. */
  public static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  private void look() {
    open.stream().filter(one -> one.stalled(STALL_MAX.toNanos())).forEach(EventStream::close);
  }

  /** Takes over the exchange, or refuses when too many are open. */
  public void openPage(HttpExchange exchange, Writer writer) {
    open(exchange, writer, pages, PAGES_MAX + " pages are followed");
  }

  /** Takes over the exchange, or refuses when too many are open. */
  public void openScan(HttpExchange exchange, Writer writer) {
    open(exchange, writer, scans, SCANS_MAX + " searches and live views are open");
  }

  private void open(HttpExchange exchange, Writer writer, Semaphore permits, String full) {
    if (!permits.tryAcquire()) {
      throw new Refusal(Refusal.BUSY, full + " on this node already: close one, or ask another");
    }
    Thread thread = daemon(() -> run(exchange, writer, permits), "flotilla-console-stream");
    threads.add(thread);
    thread.start();
  }

  private void run(HttpExchange exchange, Writer writer, Semaphore permits) {
    try (exchange;
        EventStream stream = new EventStream(exchange)) {
      open.add(stream);
      try {
        writer.write(stream);
      } finally {
        open.remove(stream);
      }
    } catch (IOException e) {
      LOG.debug("a browser is gone", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.warn("a stream of the console failed", e);
    } finally {
      threads.remove(Thread.currentThread());
      permits.release();
    }
  }

  @Override
  public void close() {
    watch.shutdownNow();
    open.forEach(EventStream::close);
    threads.forEach(Thread::interrupt);
  }
}
