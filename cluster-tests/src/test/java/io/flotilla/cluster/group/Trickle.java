package io.flotilla.cluster.group;

import com.google.protobuf.ByteString;
import io.flotilla.cluster.harness.TestCluster;
import io.flotilla.proto.types.v1.Event;
import io.flotilla.proto.v1.PublishRequest;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A few events a second into each partition of a topic, so that the first one that is delivered
 * says when a partition is consumed again, and members on a small machine keep up. One thread.
 */
final class Trickle implements AutoCloseable {
  private static final long EVERY_MS = 50;

  private final TestCluster cluster;
  private final String topic;
  private final int partitions;
  private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
  private final Future<?> publishing;
  private int round;

  Trickle(TestCluster cluster, String topic, int partitions) {
    this.cluster = cluster;
    this.topic = topic;
    this.partitions = partitions;
    this.publishing = thread.scheduleAtFixedRate(this::publish, 0, EVERY_MS, TimeUnit.MILLISECONDS);
  }

  private void publish() {
    round++;
    for (int partition = 0; partition < partitions; partition++) {
      Event event =
          Event.newBuilder()
              .setKey(ByteString.copyFromUtf8("k" + partition))
              .setValue(ByteString.copyFromUtf8("e" + round))
              .build();
      var unused =
          cluster
              .wire(3)
              .producer()
              .publish(
                  PublishRequest.newBuilder()
                      .setTopic(topic)
                      .setPartition(partition)
                      .addEvents(event)
                      .build());
    }
  }

  /** Publishes no more; fails if it has failed. */
  @Override
  public void close() {
    boolean failed = publishing.isDone() && !publishing.isCancelled();
    thread.shutdown();
    if (failed) {
      try {
        publishing.get();
      } catch (ExecutionException e) {
        throw new AssertionError("publishing failed", e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    try {
      if (!thread.awaitTermination(EVERY_MS * 100, TimeUnit.MILLISECONDS)) {
        throw new AssertionError("publishing does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
