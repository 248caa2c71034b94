package io.flotilla.client.internal;

import io.flotilla.client.ProducerOptions;
import io.flotilla.proto.v1.OpenProducerRequest;
import io.flotilla.proto.v1.OpenProducerResponse;
import io.flotilla.proto.v1.ProducerServiceGrpc;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the partitions of one producer share: its identity, its streams to nodes, its clock. Safe
 * for many threads. A queue's lock may be held while this one's is taken, never the other way
 * round.
 */
final class Sender implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Sender.class);

  /** How often timeouts are looked for: a client may have a thousand producers. */
  private static final long TICK_MS = 200;

  /** A node that owes an answer for longer is left; the repetition elsewhere is harmless. */
  private static final long STALLED_NANOS = TimeUnit.SECONDS.toNanos(20);

  /** When it owes one for so long, others are asked who leads. */
  private static final long SUSPECT_NANOS = TimeUnit.MILLISECONDS.toNanos(1_500);

  /** And it is left after so long if another node leads by now. */
  private static final long DEPOSED_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private static final long OPEN_TIMEOUT_SECONDS = 5;

  /** Until a server has said how large batches may be, they stay small. */
  private static final int BATCH_BYTES_UNTIL_OPENED = 64 << 10;

  private record Key(Route route, Session session) {}

  private final ProducerOptions options;
  private final Channels channels;
  private final Topology topology;
  private final Timer timer;
  private final BufferBudget budget;
  private final ProducerCounters counters = new ProducerCounters();
  private final Map<String, Map<Integer, PartitionQueue>> queues = new ConcurrentHashMap<>();
  private final Map<Key, PublishConnection> connections = new HashMap<>();
  private final Set<Address> visited = new HashSet<>();
  private final Set<PartitionQueue> waiting = new LinkedHashSet<>();
  private final Runnable stopTicks;
  private boolean asking;
  private int failures;
  private volatile @Nullable Session session;
  private volatile int batchBytesMax = BATCH_BYTES_UNTIL_OPENED;
  private volatile @Nullable Refusal ended;

  Sender(ProducerOptions options, Channels channels, Topology topology, Timer timer) {
    this.options = options;
    this.channels = channels;
    this.topology = topology;
    this.timer = timer;
    this.budget = new BufferBudget(options.bufferBytes());
    this.stopTicks = timer.every(this::tick, TICK_MS);
  }

  BufferBudget budget() {
    return budget;
  }

  ProducerCounters counters() {
    return counters;
  }

  Topology topology() {
    return topology;
  }

  /** Why this producer cannot write any more; null while it can. */
  @Nullable Refusal ended() {
    return ended;
  }

  PartitionQueue queue(String topic, int partition) {
    return queues
        .computeIfAbsent(topic, t -> new ConcurrentHashMap<>())
        .computeIfAbsent(partition, p -> new PartitionQueue(topic, p, this, options));
  }

  List<PartitionQueue> queues() {
    List<PartitionQueue> all = new ArrayList<>();
    queues.values().forEach(ofTopic -> all.addAll(ofTopic.values()));
    return all;
  }

  int batchBytesLimit() {
    return Math.min(options.batchBytes(), batchBytesMax);
  }

  void batchBytesMax(int bytes) {
    batchBytesMax = bytes > 0 ? bytes : options.batchBytes();
  }

  Route route(String topic, int partition) {
    return topology.route(topic, partition);
  }

  void avoid(Route route) {
    topology.avoid(route);
  }

  void forget(String topic) {
    topology.forget(topic);
  }

  void correct(String topic, int partition, Route asked, Refusal refusal) {
    if (refusal.code() == io.grpc.Status.Code.UNAVAILABLE) {
      topology.correct(topic, partition, asked, refusal.leader());
    }
  }

  /** Runs a task of a queue later. */
  void later(Runnable task, long ms) {
    timer.later(task, ms);
  }

  PublishConnection connect(Route route, Session as) {
    PublishConnection fresh;
    synchronized (this) { // guards connections, visited, waiting, asking, failures
      PublishConnection known = connections.get(new Key(route, as));
      if (known != null && !known.gone()) {
        return known;
      }
      fresh = new PublishConnection(route, as, this);
      connections.put(new Key(route, as), fresh);
      counters.streams.increment();
      if (visited.add(route.address())) {
        counters.routes.increment();
      }
    }
    // Outside the caller's locks: a failure to open comes back through the queues.
    later(() -> fresh.open(channels), 0);
    return fresh;
  }

  synchronized void remove(PublishConnection connection) {
    connections.remove(new Key(connection.route(), connection.session()), connection);
  }

  @Nullable Session session() {
    return session;
  }

  /** The queue is woken when there is an identity of at least this generation. */
  void askForSession(PartitionQueue queue, int generationLeast) {
    synchronized (this) {
      waiting.add(queue);
      if (asking) {
        return;
      }
      asking = true;
    }
    LOG.debug("asking for a producer identity generation={}", generationLeast);
    later(this::openProducer, 0);
  }

  private void openProducer() {
    String name = options.name();
    Route route = Route.proxied(topology.anyServer());
    OpenProducerRequest request =
        OpenProducerRequest.newBuilder().setName(name == null ? "" : name).build();
    ProducerServiceGrpc.newStub(channels.to(route))
        .withDeadlineAfter(OPEN_TIMEOUT_SECONDS, TimeUnit.SECONDS)
        .openProducer(request, new Opening(route));
  }

  /** Takes the answer to OpenProducer. */
  private final class Opening implements StreamObserver<OpenProducerResponse> {
    private final Route route;

    Opening(Route route) {
      this.route = route;
    }

    @Override
    public void onNext(OpenProducerResponse answer) {
      List<PartitionQueue> woken;
      synchronized (Sender.this) {
        Session old = session;
        session = new Session(old == null ? 1 : old.generation() + 1, answer.getProducer());
        woken = stopAsking();
      }
      woken.forEach(PartitionQueue::wake);
    }

    @Override
    public void onError(Throwable thrown) {
      Refusal refusal = RefusalReader.read(thrown);
      if (refusal.retryable() || refusal.outcomeUnknown()) {
        int inRow;
        synchronized (Sender.this) {
          inRow = ++failures;
        }
        if (!refusal.is(io.flotilla.proto.types.v1.ErrorReason.ERROR_REASON_THROTTLED)) {
          topology.avoid(route);
        }
        later(Sender.this::openProducer, Backoff.pauseMs(inRow, refusal.retryAfterMs()));
        return;
      }
      List<PartitionQueue> failed;
      synchronized (Sender.this) {
        failed = stopAsking();
      }
      failed.forEach(queue -> queue.fail(refusal));
    }

    @Override
    public void onCompleted() {
      // onNext has said everything.
    }
  }

  private synchronized List<PartitionQueue> stopAsking() {
    asking = false;
    failures = 0;
    List<PartitionQueue> all = new ArrayList<>(waiting);
    waiting.clear();
    return all;
  }

  /** Another client took the name over: nothing can be written any more. */
  void failAll(Refusal refusal) {
    ended = refusal;
    queues().forEach(queue -> queue.fail(refusal));
  }

  private void tick() {
    long now = System.nanoTime();
    queues().forEach(queue -> queue.expire(now));
    List<PublishConnection> all;
    synchronized (this) {
      all = new ArrayList<>(connections.values());
    }
    all.forEach(this::checkStalled);
  }

  /**
   * A node that hangs, or is cut off from the others, breaks no connection; the batch may be sent
   * again elsewhere, for its number makes a repetition harmless.
   */
  private void checkStalled(PublishConnection connection) {
    PublishConnection.Owed owed = connection.owed();
    if (owed.nanos() > SUSPECT_NANOS) {
      topology.suspect(connection.route());
    }
    PartitionQueue queue = owed.queue();
    boolean deposed =
        owed.nanos() > DEPOSED_NANOS
            && queue != null
            && topology.ledElsewhere(queue.topic, queue.partition, connection.route());
    if (owed.nanos() > STALLED_NANOS) {
      avoid(connection.route());
    }
    if (deposed || owed.nanos() > STALLED_NANOS) {
      connection.cancel("no answer within " + owed.nanos() / 1_000_000 + " ms");
    }
  }

  @Override
  public void close() {
    stopTicks.run();
    List<PublishConnection> all;
    synchronized (this) {
      all = new ArrayList<>(connections.values());
    }
    all.forEach(connection -> connection.cancel("the producer is closed"));
  }
}
