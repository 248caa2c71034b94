package io.flotilla.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.client.Event;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.Position;
import io.flotilla.client.Producer;
import io.flotilla.cluster.harness.TestCluster;
import io.flotilla.cluster.harness.Wire;
import io.flotilla.cluster.workload.ReplicaDump;
import io.flotilla.proto.types.v1.StartFrom;
import io.flotilla.proto.v1.SubscribeRequest;
import io.flotilla.proto.v1.SubscribeResponse;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Readers that never read, and readers that have nothing to read, cost next to nothing. */
class SlowReaderTest {
  private static final int STALLED = 50;
  private static final int IDLE = 2_000;

  /** A node takes a thousand calls on a connection. */
  private static final int CALLS_PER_CONNECTION = 500;

  private static final int EVENTS = 20_000;
  private static final int VALUE_BYTES = 1_000;
  private static final int THREADS_GROWTH_MAX = 20;

  /** A batch, and what the transport holds. */
  private static final long READER_BYTES_MAX = 1 << 20;

  /** With what the collector has not yet given back; fifty copies of the topic were a gigabyte. */
  private static final long RESIDENT_GROWTH_KIB_MAX = 200 << 10;

  @RegisterExtension static final TestCluster cluster = TestCluster.of(1);

  private final List<Silent> readers = new ArrayList<>();

  @AfterEach
  void cancelReaders() {
    readers.forEach(reader -> reader.call().cancel("test is over", null));
  }

  @Test
  void readersThatNeverReadCostLittleAndHoldNobodyBack() {
    cluster.createTopic("stalled", 1);
    publish("stalled", EVENTS);
    long before = cluster.node(1).liveHeapBytes();
    long residentBefore = cluster.node(1).residentKib();

    try (Wire wire = Wire.to(cluster.node(1).clientPort())) {
      for (int i = 0; i < STALLED; i++) {
        subscribe(wire, "stalled", StartFrom.START_FROM_EARLIEST);
      }
      assertThat(ReplicaDump.read(cluster.wire(1), "stalled", 0)).hasSize(EVENTS);
      publish("stalled", EVENTS / 10);
      assertThat(ReplicaDump.read(cluster.wire(1), "stalled", 0)).hasSize(EVENTS + EVENTS / 10);

      long growth = cluster.node(1).liveHeapBytes() - before;
      long residentGrowth = cluster.node(1).residentKib() - residentBefore;
      System.out.printf(
          "%d stalled readers: %d KiB more on the heap, %d KiB more resident%n",
          STALLED, growth >> 10, residentGrowth);
      assertThat(growth).isLessThan(STALLED * READER_BYTES_MAX);
      assertThat(residentGrowth).isLessThan(RESIDENT_GROWTH_KIB_MAX);
      cancelReaders();
    }
  }

  @Test
  void idleSubscriptionsNeedNoThreads() {
    cluster.createTopic("idle", 1);
    publish("idle", 10);
    int before = cluster.node(1).threads();

    List<Wire> wires = new ArrayList<>();
    try {
      for (int i = 0; i < IDLE; i++) {
        if (i % CALLS_PER_CONNECTION == 0) {
          wires.add(Wire.to(cluster.node(1).clientPort()));
        }
        subscribe(wires.get(wires.size() - 1), "idle", StartFrom.START_FROM_LATEST);
      }
      readers.forEach(Silent::awaitCaughtUp);

      int growth = cluster.node(1).threads() - before;
      System.out.printf("%d idle subscriptions: %d more threads%n", IDLE, growth);
      assertThat(growth).isLessThan(THREADS_GROWTH_MAX);
      publish("idle", 1);
      readers.forEach(Silent::awaitEvent);
    } finally {
      cancelReaders();
      wires.forEach(Wire::close);
    }
  }

  private static void publish(String topic, int events) {
    try (FlotillaClient client = FlotillaClient.connect(cluster.servers());
        Producer producer = client.producer()) {
      List<CompletableFuture<Position>> answers = new ArrayList<>();
      for (int i = 0; i < events; i++) {
        answers.add(producer.publish(topic, Event.of("key", "v".repeat(VALUE_BYTES))));
      }
      answers.forEach(CompletableFuture::join);
    }
  }

  private void subscribe(Wire wire, String topic, StartFrom from) {
    Silent reader = new Silent();
    SubscribeRequest.Builder request = SubscribeRequest.newBuilder().setTopic(topic);
    request.getFromBuilder().setFrom(from);
    wire.consumerAsync().subscribe(request.build(), reader);
    readers.add(reader);
  }

  /** A subscriber that takes nothing before it is asked to. */
  private static final class Silent
      implements ClientResponseObserver<SubscribeRequest, SubscribeResponse> {
    private final CompletableFuture<ClientCallStreamObserver<SubscribeRequest>> begun =
        new CompletableFuture<>();
    private final CompletableFuture<Boolean> caughtUp = new CompletableFuture<>();
    private final CompletableFuture<Boolean> event = new CompletableFuture<>();

    @Override
    public void beforeStart(ClientCallStreamObserver<SubscribeRequest> call) {
      call.disableAutoRequestWithInitial(0);
      begun.complete(call);
    }

    @Override
    public void onNext(SubscribeResponse response) {
      if (response.getCaughtUp()) {
        caughtUp.complete(true);
      }
      if (response.getEventsCount() > 0) {
        event.complete(true);
      } else {
        call().request(1);
      }
    }

    @Override
    public void onError(Throwable failure) {
      caughtUp.completeExceptionally(failure);
      event.completeExceptionally(failure);
    }

    @Override
    public void onCompleted() {
      onError(new IllegalStateException("the subscription ended"));
    }

    ClientCallStreamObserver<SubscribeRequest> call() {
      return begun.join();
    }

    void awaitCaughtUp() {
      call().request(1);
      assertThat(caughtUp.orTimeout(30, TimeUnit.SECONDS).join()).isTrue();
    }

    void awaitEvent() {
      assertThat(event.orTimeout(30, TimeUnit.SECONDS).join()).isTrue();
    }
  }
}
