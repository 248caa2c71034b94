package io.flotilla.node.grpc.read;

import io.flotilla.node.core.metadata.TopicInfo;
import io.flotilla.node.grpc.call.CallScope;
import io.flotilla.node.grpc.call.StatusMapper;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.model.PartitionId;
import io.flotilla.node.partition.Partition;
import io.flotilla.node.router.Route;
import io.flotilla.node.router.Router;
import io.flotilla.proto.v1.FetchPartition;
import io.flotilla.proto.v1.FetchStreamResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The fetches of a FetchStream and where they are served from, in turn. A fetch that fails ends
 * alone. Confined to the stream's serial executor.
 */
final class Fetches {

  /** A fetch; without a source while its position is being found. */
  private static final class Fetch {
    private final FetchPartition asked;
    private final TopicInfo topic;
    private final PartitionId id;
    private @Nullable FetchSource source;

    Fetch(FetchPartition asked, TopicInfo topic, PartitionId id) {
      this.asked = asked;
      this.topic = topic;
      this.id = id;
    }
  }

  private final Router router;
  private final StartPositions positions;
  private final CallScope scope;
  private final int bufferBytes;
  private final Executor serial;
  private final Runnable pump;
  private final BiConsumer<Integer, FlotillaException> failed;
  private final Map<Integer, Fetch> fetches = new HashMap<>();
  private final Map<Integer, FetchRelay> relays = new HashMap<>();
  private final List<FetchSource> sources = new ArrayList<>();
  private int turn;

  /**
   * @param pump run on the serial executor when there may be more
   * @param failed hears which fetch ended, and why
   */
  Fetches(
      Router router,
      StartPositions positions,
      CallScope scope,
      int bufferBytes,
      Executor serial,
      Runnable pump,
      BiConsumer<Integer, FlotillaException> failed) {
    this.router = router;
    this.positions = positions;
    this.scope = scope;
    this.bufferBytes = bufferBytes;
    this.serial = serial;
    this.pump = pump;
    this.failed = failed;
  }

  int size() {
    return fetches.size();
  }

  boolean contains(int fetchId) {
    return fetches.containsKey(fetchId);
  }

  void add(FetchPartition asked) {
    try {
      ReadChecks.topicId(asked.getTopicId());
      ReadChecks.position(asked.getFrom());
      TopicInfo topic = router.topic(asked.getTopic(), asked.getTopicId());
      PartitionId id = router.partition(topic, asked.getPartition());
      Fetch fetch = new Fetch(asked, topic, id);
      fetches.put(asked.getFetchId(), fetch);
      var unused =
          positions
              .resolve(topic, Map.of(id.partition(), asked.getFrom()), scope)
              .whenComplete(
                  (found, thrown) ->
                      serial.execute(
                          () -> {
                            if (thrown != null) {
                              fail(fetch, StatusMapper.refusal(thrown));
                            } else {
                              place(fetch, found.getOrDefault(id.partition(), 0L));
                            }
                            pump.run();
                          }));
    } catch (FlotillaException why) {
      fetches.remove(asked.getFetchId());
      failed.accept(asked.getFetchId(), why);
    }
  }

  /** Ends a fetch; one that does not exist is gone already. */
  void remove(int fetchId) {
    Fetch fetch = fetches.remove(fetchId);
    if (fetch != null && fetch.source != null) {
      fetch.source.remove(fetchId);
      if (fetch.source instanceof LocalFetch) {
        sources.remove(fetch.source);
      }
    }
  }

  /** The next response of the next source that has one; null when none has, then pump will run. */
  @Nullable FetchStreamResponse next(int bytesMax) {
    for (int i = sources.size(); i > 0 && !sources.isEmpty(); i--) {
      turn = (turn + 1) % sources.size();
      FetchSource source = sources.get(turn);
      if (!source.mayHaveMore()) {
        continue;
      }
      try {
        FetchStreamResponse response = source.next(bytesMax);
        if (response != null) {
          if (response.hasFailure()) {
            fetches.remove(response.getFetchId());
          }
          return response;
        }
      } catch (FlotillaException why) {
        lost(source, why);
      }
    }
    return null;
  }

  boolean mayHaveMore() {
    return sources.stream().anyMatch(FetchSource::mayHaveMore);
  }

  void close() {
    sources.forEach(FetchSource::close);
    sources.clear();
    fetches.clear();
    relays.clear();
  }

  private void place(Fetch fetch, long offset) {
    int fetchId = fetch.asked.getFetchId();
    if (fetches.get(fetchId) != fetch) {
      return;
    }
    Partition local = router.readable(fetch.id);
    Route route = router.readerOf(fetch.id);
    try {
      if (local != null && !local.closed()) {
        LocalFetch source = local(fetchId, local, offset);
        fetch.source = source;
        sources.add(source);
      } else if (route instanceof Route.There there && !scope.direct()) {
        FetchRelay relay = relay(there.leader().nodeId());
        fetch.source = relay;
        relay.add(fetchId, fetch.topic, fetch.id.partition(), offset);
      } else {
        throw FlotillaException.notLeader(
            "this node has no open replica of partition "
                + fetch.topic.name()
                + "/"
                + fetch.id.partition(),
            route instanceof Route.There there ? there.leader() : null);
      }
    } catch (FlotillaException why) {
      fail(fetch, why);
    }
  }

  private LocalFetch local(int fetchId, Partition partition, long offset) {
    LocalFetch[] self = new LocalFetch[1];
    Runnable signal =
        () ->
            serial.execute(
                () -> {
                  self[0].woken();
                  pump.run();
                });
    self[0] = new LocalFetch(fetchId, partition, offset, signal);
    return self[0];
  }

  private FetchRelay relay(int nodeId) {
    FetchRelay known = relays.get(nodeId);
    if (known != null) {
      return known;
    }
    FetchRelay relay = new FetchRelay(nodeId, serial, pump);
    relay.open(router.channel(nodeId), bufferBytes);
    relays.put(nodeId, relay);
    sources.add(relay);
    return relay;
  }

  private void lost(FetchSource source, FlotillaException why) {
    sources.remove(source);
    if (source instanceof FetchRelay relay) {
      relays.remove(relay.nodeId(), relay);
    }
    Set<Integer> ids = new HashSet<>(source.fetchIds());
    source.close();
    for (int id : ids) {
      Fetch fetch = fetches.get(id);
      if (fetch != null) {
        fail(fetch, why);
      }
    }
  }

  /** If the topic is gone that is the reason, whatever was noticed first. */
  private void fail(Fetch fetch, FlotillaException why) {
    int fetchId = fetch.asked.getFetchId();
    if (fetches.remove(fetchId, fetch)) {
      FlotillaException reason = why;
      try {
        router.topic(fetch.topic.name(), fetch.topic.topicId());
      } catch (FlotillaException topicGone) {
        reason = topicGone;
      }
      failed.accept(fetchId, reason);
    }
  }
}
