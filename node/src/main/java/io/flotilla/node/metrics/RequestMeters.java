package io.flotilla.node.metrics;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Requests as this node answers them: how many and how they ended, how long they took, what is
 * open. A call that was forwarded counts at both nodes. Safe; a few additions a call.
 */
public final class RequestMeters {

  /** How a request ends that ends well. */
  public static final String OK = "OK";

  /** The batches of PublishStreams count as requests of this name. */
  private static final String BATCH = "ProducerService/PublishStream.Batch";

  static final Metric REQUESTS =
      Metric.counter(
          "flotilla_requests_total",
          "Calls answered, streams ended, and, as ProducerService/PublishStream.Batch, batches of"
              + " streams answered. Reasons are OK, those of the error catalogue, and gRPC's codes"
              + " such as CANCELLED; pairs beyond the 500th are summed as _other and _other.",
          "rpc",
          "reason");
  static final Metric SECONDS =
      Metric.coarseSeconds(
          "flotilla_request_seconds",
          "From when a call arrived until it was answered, well or not; without streams.",
          "rpc");
  static final Metric STREAMS =
      Metric.gauge("flotilla_streams_active", "Streams open to this node.", "rpc");
  static final Metric CONNECTIONS =
      Metric.gauge(
          "flotilla_connections_active",
          "Connections open to the port for clients, other nodes' among them.");

  /** Everything that is registered here. */
  public static final List<Metric> METRICS = List.of(REQUESTS, SECONDS, STREAMS, CONNECTIONS);

  private static final int PAIRS_MAX = 500;

  private final NodeMeters meters;
  private final Map<String, Rpc> rpcs = new ConcurrentHashMap<>();
  private final AtomicInteger pairs = new AtomicInteger();
  private final LongAdder connections = new LongAdder();
  private final LongAdder beyond;
  private final Rpc batches;

  public RequestMeters(NodeMeters meters) {
    this.meters = meters;
    this.beyond = meters.counter(REQUESTS, TrafficMeters.OTHER, TrafficMeters.OTHER);
    this.batches = new Rpc(BATCH);
    meters.gauge(CONNECTIONS, connections::sum);
  }

  /** The method, which must be one that is served: package.Service/Method. */
  public Rpc rpc(String fullName) {
    Rpc known = rpcs.get(fullName);
    return known != null
        ? known
        : rpcs.computeIfAbsent(
            fullName, name -> new Rpc(name.substring(name.lastIndexOf('.') + 1)));
  }

  /** A batch of a stream was answered. */
  public void batchAnswered(String reason) {
    batches.ended(reason);
  }

  public void connected() {
    connections.increment();
  }

  public void disconnected() {
    connections.decrement();
  }

  /** One method. Its series come into being when it is first called. */
  public final class Rpc {

    private final String name;
    private final Map<String, LongAdder> ends = new ConcurrentHashMap<>();
    private final LongAdder open = new LongAdder();
    private volatile @Nullable Latency latency;
    private boolean told; // guarded by this

    private Rpc(String name) {
      this.name = name;
    }

    /** A call is over, or a stream that was {@link #opened}. */
    public void ended(String reason) {
      LongAdder count = ends.get(reason);
      (count != null ? count : ends.computeIfAbsent(reason, this::end)).increment();
    }

    private LongAdder end(String reason) {
      return pairs.incrementAndGet() <= PAIRS_MAX ? meters.counter(REQUESTS, name, reason) : beyond;
    }

    /** A call that is no stream took so long. */
    public void took(long nanos) {
      Latency known = latency;
      (known != null ? known : latency()).record(nanos, TimeUnit.NANOSECONDS);
    }

    private synchronized Latency latency() { // registered once
      Latency known = latency;
      if (known == null) {
        known = meters.latency(SECONDS, name);
        latency = known;
      }
      return known;
    }

    public void opened() {
      synchronized (this) { // guards told
        if (!told) {
          told = true;
          meters.gauge(STREAMS, open::sum, name);
        }
      }
      open.increment();
    }

    public void closed() {
      open.decrement();
    }
  }
}
