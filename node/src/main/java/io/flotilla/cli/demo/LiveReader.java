package io.flotilla.cli.demo;

import io.flotilla.client.ReceivedEvent;
import io.flotilla.client.Subscriber;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Follows the topic on a thread of its own and writes everything down in the ledger. */
final class LiveReader {

  private static final Duration POLL = Duration.ofMillis(200);

  private final Subscriber subscriber;
  private final Ledger ledger;
  private final Consumer<ReceivedEvent> teller;
  private final Thread thread = new Thread(this::read, "demo-reader");
  private volatile boolean stopped;
  private volatile @Nullable RuntimeException failure;

  /**
   * @param teller shows some of the events; called for each
   */
  LiveReader(Subscriber subscriber, Ledger ledger, Consumer<ReceivedEvent> teller) {
    this.subscriber = subscriber;
    this.ledger = ledger;
    this.teller = teller;
  }

  void start() {
    thread.setDaemon(true);
    thread.start();
  }

  /** Ends reading; throws what ended it early, if something did. */
  void stop() throws InterruptedException {
    stopped = true;
    thread.join();
    RuntimeException early = failure;
    if (early != null) {
      throw early;
    }
  }

  boolean failed() {
    return failure != null;
  }

  private void read() {
    try {
      while (!stopped) {
        for (ReceivedEvent event : subscriber.poll(POLL)) {
          Long number = Story.number(event);
          if (number != null) {
            ledger.received(number, event);
            teller.accept(event);
          }
        }
      }
    } catch (RuntimeException e) {
      failure = e; // Thrown on by stop().
    }
  }
}
