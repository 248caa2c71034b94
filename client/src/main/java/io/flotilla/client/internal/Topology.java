package io.flotilla.client.internal;

import io.flotilla.client.Leader;
import io.flotilla.proto.v1.ClusterServiceGrpc;
import io.flotilla.proto.v1.Node;
import io.flotilla.proto.v1.Partition;
import io.flotilla.proto.v1.Topic;
import io.flotilla.proto.v1.WatchTopologyRequest;
import io.flotilla.proto.v1.WatchTopologyResponse;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the client knows of topics and leaders: from WatchTopology (one stream, moved to another
 * server when lost, or when its own owes answers), from hints in refusals, and from descriptions
 * asked for. Only ever a guess, which the nodes correct; a leader that cannot be reached is avoided
 * for a while, and its partitions are asked for through the given servers. Safe for many threads.
 */
final class Topology implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Topology.class);

  /** A node that could not be reached, or is leaving, is not called directly for this long. */
  private static final Duration AVOID = Duration.ofSeconds(3);

  /** A watch that began later than this ago is not moved. */
  private static final long MOVE_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** What is known of a topic. */
  record Known(long topicId, int partitions, Map<Integer, Leader> leaders) {}

  private final List<Address> servers;
  private final Channels channels;
  private final Timer timer;
  private final boolean routeToLeaders;
  private final Map<String, Known> topics = new ConcurrentHashMap<>();
  private final Map<Address, Long> avoidedUntil = new ConcurrentHashMap<>();
  private final Set<Runnable> listeners = ConcurrentHashMap.newKeySet();
  private volatile int server;
  private volatile @Nullable Watcher watcher;
  private volatile boolean closed;
  private int failures; // confined to the callbacks of one stream after the other

  Topology(List<Address> servers, Channels channels, Timer timer, boolean routeToLeaders) {
    this.servers = servers;
    this.channels = channels;
    this.timer = timer;
    this.routeToLeaders = routeToLeaders;
    if (routeToLeaders) {
      watch();
    }
  }

  @Nullable Known topic(String name) {
    return topics.get(name);
  }

  /** The topic is not as thought: ask again. */
  void forget(String name) {
    topics.remove(name);
  }

  void learn(Topic topic) {
    Map<Integer, Leader> leaders = new ConcurrentHashMap<>();
    for (Partition partition : topic.getPartitionsList()) {
      Leader leader = RefusalReader.leader(partition.getLeader());
      if (leader != null) {
        leaders.put(partition.getPartition(), leader);
      }
    }
    Known next = new Known(topic.getTopicId(), topic.getPartitionCount(), leaders);
    topics.merge(topic.getName(), next, Topology::newer);
  }

  /** Keeps of two pictures of one topic the leaders with the higher terms. */
  private static Known newer(Known old, Known next) {
    if (old.topicId() == next.topicId()) {
      old.leaders().forEach((partition, leader) -> learn(next.leaders(), partition, leader));
    }
    return next.topicId() < old.topicId() ? old : next;
  }

  private static void learn(Map<Integer, Leader> leaders, int partition, Leader leader) {
    leaders.merge(partition, leader, (a, b) -> b.term() >= a.term() ? b : a);
  }

  /** A refusal says where the leader is, or that the one thought of is none. */
  void correct(String topic, int partition, Route asked, @Nullable Leader hint) {
    Known known = topics.get(topic);
    if (known == null) {
      return;
    }
    if (hint != null && !new Address(hint.host(), hint.port()).equals(asked.address())) {
      learn(known.leaders(), partition, hint);
    } else if (asked.direct()) {
      known
          .leaders()
          .computeIfPresent(
              partition, (p, leader) -> address(leader).equals(asked.address()) ? null : leader);
    } else if (hint == null) {
      avoid(asked); // It may be cut off from those who know.
    }
  }

  /** The node cannot be reached, or asks to be left: use others for a while. */
  void avoid(Route route) {
    avoidedUntil.put(route.address(), System.nanoTime() + AVOID.toNanos());
  }

  /** The best way to a partition as far as is known. */
  Route route(String topic, int partition) {
    Known known = routeToLeaders ? topics.get(topic) : null;
    Leader leader = known == null ? null : known.leaders().get(partition);
    if (leader != null && !avoided(address(leader))) {
      return new Route(address(leader), true);
    }
    return Route.proxied(anyServer());
  }

  /** By what is known, it is another node that leads, and it can be called. */
  boolean ledElsewhere(String topic, int partition, Route than) {
    Known known = routeToLeaders ? topics.get(topic) : null;
    Leader leader = known == null ? null : known.leaders().get(partition);
    return leader != null && !address(leader).equals(than.address()) && !avoided(address(leader));
  }

  /** Calls the listener when leaders may be others, on gRPC's threads. Answers how to end that. */
  Runnable onNews(Runnable listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  /** The node owes answers: if the news come from it, another one is to send them. */
  void suspect(Route route) {
    Watcher now = watcher;
    if (now != null
        && now.route.address().equals(route.address())
        && System.nanoTime() - now.beganNanos > MOVE_NANOS) {
      now.cancel();
    }
  }

  /** A given server, the same one while it is not avoided. */
  Address anyServer() {
    int first = server;
    for (int i = 0; i < servers.size(); i++) {
      int candidate = (first + i) % servers.size();
      if (!avoided(servers.get(candidate))) {
        server = candidate;
        return servers.get(candidate);
      }
    }
    server = (first + 1) % servers.size();
    return servers.get(server);
  }

  private boolean avoided(Address address) {
    Long until = avoidedUntil.get(address);
    if (until == null) {
      return false;
    }
    if (until - System.nanoTime() > 0) {
      return true;
    }
    avoidedUntil.remove(address, until);
    return false;
  }

  private static Address address(Leader leader) {
    return new Address(leader.host(), leader.port());
  }

  private void watch() {
    if (closed) {
      return;
    }
    Route route = Route.proxied(anyServer());
    Watcher next = new Watcher(route);
    watcher = next;
    ClusterServiceGrpc.newStub(channels.to(route))
        .watchTopology(WatchTopologyRequest.getDefaultInstance(), next);
  }

  /** Takes one WatchTopology stream. gRPC calls it serially. */
  private final class Watcher
      implements ClientResponseObserver<WatchTopologyRequest, WatchTopologyResponse> {
    private final Route route;
    private final long beganNanos = System.nanoTime();
    private volatile @Nullable ClientCallStreamObserver<WatchTopologyRequest> call;

    Watcher(Route route) {
      this.route = route;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<WatchTopologyRequest> stream) {
      call = stream;
    }

    /** It goes on with another server. */
    void cancel() {
      ClientCallStreamObserver<WatchTopologyRequest> now = call;
      if (now != null) {
        now.cancel("its server owes answers", null);
      }
    }

    @Override
    public void onNext(WatchTopologyResponse change) {
      failures = 0;
      change.getTopicsList().forEach(Topology.this::learn);
      change.getDeletedTopicsList().forEach(Topology.this::forget);
      Set<Address> wanted = new HashSet<>(servers);
      for (Node node : change.getNodesList()) {
        if (!node.getHost().isEmpty()) {
          wanted.add(new Address(node.getHost(), node.getPort()));
        }
      }
      channels.retain(wanted);
      listeners.forEach(Runnable::run);
    }

    @Override
    public void onError(Throwable thrown) {
      Refusal refusal = RefusalReader.read(thrown);
      LOG.debug("topology watch lost server={} why={}", route.address(), refusal.message());
      avoid(route);
      again(refusal.retryAfterMs());
    }

    @Override
    public void onCompleted() {
      again(0);
    }

    private void again(long atLeastMs) {
      if (!closed) {
        failures++;
        timer.later(Topology.this::watch, Backoff.pauseMs(failures, atLeastMs));
      }
    }
  }

  @Override
  public void close() {
    closed = true;
  }
}
