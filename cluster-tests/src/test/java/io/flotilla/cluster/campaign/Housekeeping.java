package io.flotilla.cluster.campaign;

import io.flotilla.client.Event;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.FlotillaClientException;
import io.flotilla.client.FlotillaClientException.Kind;
import io.flotilla.client.Position;
import io.flotilla.client.Producer;
import io.flotilla.cluster.harness.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a cluster busy with what seldom happens: a log that is written and trimmed all the time,
 * and one of few keys that is compacted. One thread of its own.
 */
final class Housekeeping {
  private static final int EVENTS = 40;
  private static final int KEYS = 5;
  private static final int KEPT = 20;
  private static final int BIG_BYTES = 5_000;
  private static final int MUCH = 4_000;
  private static final long ROUND_MS = 100;
  private static final long STOP_MS_MAX = 60_000;

  private final FlotillaClient client;
  private final String trimmed;
  private final String compacted;
  private final AtomicInteger rounds = new AtomicInteger();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "housekeeping");

  private Housekeeping(String servers, String trimmed, String compacted) {
    this.client = FlotillaClient.connect(servers);
    this.trimmed = trimmed;
    this.compacted = compacted;
  }

  static Housekeeping start(String servers, String trimmed, String compacted) {
    Housekeeping started = new Housekeeping(servers, trimmed, compacted);
    started.thread.setDaemon(true);
    started.thread.start();
    return started;
  }

  private void run() {
    try (Producer producer = client.producer()) {
      while (!stopped.await(ROUND_MS, TimeUnit.MILLISECONDS)) {
        round(producer);
      }
    } catch (RuntimeException e) {
      failure.set(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What fails for the moment is done in the next round. */
  private void round(Producer producer) {
    try {
      List<CompletableFuture<Position>> answers = new ArrayList<>();
      for (int i = 0; i < EVENTS; i++) {
        answers.add(producer.publish(compacted, Event.of("k" + i % KEYS, "v" + i)));
        answers.add(producer.publish(trimmed, Event.of("k", "v" + i)));
      }
      long end = 0;
      for (CompletableFuture<Position> answer : answers) {
        Position at = answer.join();
        end = at.topic().equals(trimmed) ? at.offset() : end;
      }
      if (end > KEPT) {
        client.admin().trimPartition(trimmed, 0, end - KEPT);
      }
      rounds.incrementAndGet();
    } catch (CompletionException | FlotillaClientException e) {
      Throwable cause = e instanceof CompletionException ? e.getCause() : e;
      if (!(cause instanceof FlotillaClientException known) || known.kind() == Kind.REFUSED) {
        throw e;
      }
    }
  }

  /** Waits for two rounds' ends: one of them was done as a whole since the call. */
  void awaitRound(Duration atMost) {
    int before = rounds.get();
    Await.until(
        "the housekeeping goes on",
        atMost,
        () -> {
          demandWell();
          return rounds.get() > before + 1;
        });
  }

  private void demandWell() {
    Throwable thrown = failure.get();
    if (thrown != null) {
      throw new AssertionError("the housekeeping failed", thrown);
    }
  }

  /** More than the Raft log keeps. */
  void publishMuch() {
    Random random = new Random(MUCH);
    byte[] value = new byte[BIG_BYTES];
    try (Producer producer = client.producer()) {
      List<CompletableFuture<Position>> answers = new ArrayList<>();
      for (int i = 0; i < MUCH; i++) {
        random.nextBytes(value);
        answers.add(producer.publish(trimmed, Event.of(null, value.clone())));
      }
      answers.forEach(CompletableFuture::join);
    }
  }

  void stop() {
    stopped.countDown();
    try {
      thread.join(STOP_MS_MAX);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    client.close();
    demandWell();
  }
}
