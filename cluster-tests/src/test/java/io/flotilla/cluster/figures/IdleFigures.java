package io.flotilla.cluster.figures;

import io.flotilla.cluster.harness.Await;
import io.flotilla.cluster.harness.TestCluster;
import io.flotilla.proto.types.v1.Position;
import io.flotilla.proto.types.v1.StartFrom;
import io.flotilla.proto.v1.ConsumerServiceGrpc;
import io.flotilla.proto.v1.OpenProducerRequest;
import io.flotilla.proto.v1.OpenPublish;
import io.flotilla.proto.v1.ProducerServiceGrpc;
import io.flotilla.proto.v1.PublishStreamRequest;
import io.flotilla.proto.v1.SubscribeRequest;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What clients cost that do nothing: ten thousand subscriptions at the end of a topic, then as many
 * producers with an identity and a stream each, spread over the nodes. Memory, threads and
 * processor time of the nodes before, with and after them.
 */
final class IdleFigures {
  private static final int COUNT = Integer.getInteger("figures.clients", 10_000);
  private static final int CHANNELS_A_NODE = 40;
  private static final int REST_SECONDS = 20;
  private static final int OPENING_MAX = 200;
  private static final Duration SOON = Duration.ofMinutes(3);

  private final TestCluster cluster;

  IdleFigures(TestCluster cluster) {
    this.cluster = cluster;
  }

  private interface Client {
    /** Opens one; its stream tells the observer that it is open, or that it ended. */
    void open(ManagedChannel channel, Heard heard);
  }

  /** How many streams have been answered, and how many have ended. */
  private record Heard(AtomicInteger open, AtomicInteger ended) {
    Heard() {
      this(new AtomicInteger(), new AtomicInteger());
    }

    <T> StreamObserver<T> observer() {
      return new StreamObserver<>() {
        private boolean answered;

        @Override
        public void onNext(T answer) {
          if (!answered) {
            answered = true;
            open.incrementAndGet();
          }
        }

        @Override
        public void onError(Throwable thrown) {
          if (ended.getAndIncrement() == 0) {
            System.out.println("a stream ended: " + thrown);
          }
        }

        @Override
        public void onCompleted() {
          ended.incrementAndGet();
        }
      };
    }
  }

  void run() throws InterruptedException {
    cluster.createTopic("idle", 6);
    say("before");
    measure("subscriptions", IdleFigures::subscribe);
    say("after them");
    measure("producers", IdleFigures::produce);
    say("after them");
  }

  private void measure(String what, Client client) throws InterruptedException {
    List<ManagedChannel> channels = channels();
    Heard heard = new Heard();
    double cpu = ProcessCost.cpuSeconds(pids());
    long begin = System.nanoTime();
    for (int i = 0; i < COUNT; i++) {
      int opened = i;
      client.open(channels.get(i % channels.size()), heard);
      Await.until(
          "not too many open at once",
          SOON,
          () -> opened - heard.open().get() - heard.ended().get() < OPENING_MAX);
    }
    Await.until(
        COUNT + " " + what + " are open",
        SOON,
        () -> heard.open().get() + heard.ended().get() >= COUNT);
    System.out.printf(
        "%d %s open after %.1f s and %.1f CPU-s of all nodes, %d ended%n",
        heard.open().get(),
        what,
        (System.nanoTime() - begin) / 1e9,
        ProcessCost.cpuSeconds(pids()) - cpu,
        heard.ended().get());
    say("with " + COUNT + " " + what);
    System.out.printf("of the %s %d have ended by now%n", what, heard.ended().get());
    channels.forEach(ManagedChannel::shutdownNow);
  }

  private static void subscribe(ManagedChannel channel, Heard heard) {
    ConsumerServiceGrpc.newStub(channel)
        .subscribe(
            SubscribeRequest.newBuilder()
                .setTopic("idle")
                .setFrom(Position.newBuilder().setFrom(StartFrom.START_FROM_LATEST))
                .build(),
            heard.observer());
  }

  private static void produce(ManagedChannel channel, Heard heard) {
    var identity =
        ProducerServiceGrpc.newBlockingStub(channel)
            .openProducer(OpenProducerRequest.getDefaultInstance())
            .getProducer();
    ProducerServiceGrpc.newStub(channel)
        .publishStream(heard.observer())
        .onNext(
            PublishStreamRequest.newBuilder()
                .setOpen(OpenPublish.newBuilder().setResume(identity))
                .build());
  }

  private List<ManagedChannel> channels() {
    List<ManagedChannel> channels = new ArrayList<>();
    for (int i = 0; i < CHANNELS_A_NODE; i++) {
      cluster
          .ids()
          .map(cluster::server)
          .map(
              server -> Grpc.newChannelBuilder(server, InsecureChannelCredentials.create()).build())
          .forEach(channels::add);
    }
    return channels;
  }

  private void say(String when) throws InterruptedException {
    double cpu = ProcessCost.cpuSeconds(pids());
    TimeUnit.SECONDS.sleep(REST_SECONDS);
    // Before the heap is looked at, which is a full collection.
    double used = ProcessCost.cpuSeconds(pids()) - cpu;
    System.out.printf(
        "%s: MiB resident %d, live heap %s; %d threads, %.1f %% of a core a node%n",
        when,
        ProcessCost.residentMiB(pids()),
        cluster.ids().map(node -> cluster.node(node).liveHeapBytes() >> 20).toList(),
        ProcessCost.threads(pids()),
        100 * used / REST_SECONDS / cluster.size());
  }

  private List<Long> pids() {
    return cluster.ids().map(node -> cluster.node(node).pid()).toList();
  }
}
