package io.flotilla.cli.search;

import io.flotilla.cli.output.Terminal;
import io.flotilla.cli.subscribe.EventWriter;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.ReceivedEvent;
import java.util.function.Predicate;

/**
 * One search: shows what fits as it is found, its progress where somebody watches, and in the end
 * what was covered, once, also when it is interrupted. Run by the command's thread, concluded by it
 * or by the hook that ends the process.
 */
final class Search {

  private static final long PROGRESS_EVERY_NANOS = 250_000_000L;

  private final Scan scan;
  private final Predicate<ReceivedEvent> filter;
  private final EventWriter writer;
  private final Terminal terminal;
  private final long max;
  private final boolean utc;
  private long found;
  private boolean concluded;
  private long nextProgress = System.nanoTime() + PROGRESS_EVERY_NANOS;

  Search(
      Scan scan,
      Predicate<ReceivedEvent> filter,
      EventWriter writer,
      Terminal terminal,
      long max,
      boolean utc) {
    this.scan = scan;
    this.filter = filter;
    this.writer = writer;
    this.terminal = terminal;
    this.max = max;
    this.utc = utc;
  }

  /** How many were found. */
  long run(FlotillaClient client) {
    writer.begin();
    scan.run(client, this::take, this::progress);
    conclude();
    return found();
  }

  private boolean take(ReceivedEvent event) {
    return !filter.test(event) || write(event);
  }

  private synchronized boolean write(ReceivedEvent event) {
    if (concluded) {
      return false;
    }
    terminal.progress("");
    writer.write(event);
    found++;
    return found < max;
  }

  private synchronized long found() {
    return found;
  }

  private synchronized void progress() {
    if (concluded) {
      return;
    }
    terminal.flush();
    long now = System.nanoTime();
    if (now - nextProgress >= 0) {
      nextProgress = now + PROGRESS_EVERY_NANOS;
      terminal.progress(scan.coverage().progress(found, utc));
    }
  }

  /** Ends what is written and says what was covered; the second time nothing. */
  synchronized void conclude() {
    if (concluded) {
      return;
    }
    concluded = true;
    scan.stop();
    writer.end();
    terminal.progress("");
    terminal.flush();
    scan.coverage().report(found).forEach(terminal::note);
  }
}
