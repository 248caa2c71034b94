package io.flotilla.node.metrics;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Events in and out: by topic for those with the most traffic, all others summed, so that there are
 * no more series with more topics. Writing is additions; the sums are made when somebody reads.
 * Safe.
 */
public final class TrafficMeters {

  /** The label of what has no series of its own. */
  public static final String OTHER = "_other";

  static final Metric PUBLISHED_EVENTS =
      Metric.counter(
          "flotilla_published_events_total",
          "Events acknowledged by partitions led here; retries of what was there do not count.",
          "topic");
  static final Metric PUBLISHED_BYTES =
      Metric.counter(
          "flotilla_published_bytes_total",
          "Their bytes: payloads of batches as they are stored, compressed if they came so.",
          "topic");
  static final Metric DELIVERED_EVENTS =
      Metric.counter(
          "flotilla_delivered_events_total",
          "Events read from replicas on this node and sent to readers, directly or by other nodes.",
          "topic");
  static final Metric DELIVERED_BYTES =
      Metric.counter(
          "flotilla_delivered_bytes_total",
          "Their bytes: of batches as they are stored, of single events as they are sent.",
          "topic");
  static final Metric BATCH_EVENTS =
      Metric.counts("flotilla_batch_events", "Events of each batch that was appended here.");
  static final Metric ENTRY_BATCHES =
      Metric.counts(
          "flotilla_raft_entry_batches",
          "Batches, and other commands to partitions, in each Raft entry proposed here.");
  static final Metric PUBLISH =
      Metric.seconds(
          "flotilla_publish_seconds",
          "From when the leader here took a batch until a majority had it on disk and it was"
              + " applied.");
  static final Metric END_TO_END =
      Metric.seconds(
          "flotilla_end_to_end_seconds",
          "From when the leader appended an event until it went to a reader who had been reading"
              + " before; the oldest of each piece that is sent, by two clocks if the leader is"
              + " another node.");

  /** Everything that is registered here. */
  public static final List<Metric> METRICS =
      List.of(
          PUBLISHED_EVENTS,
          PUBLISHED_BYTES,
          DELIVERED_EVENTS,
          DELIVERED_BYTES,
          BATCH_EVENTS,
          ENTRY_BATCHES,
          PUBLISH,
          END_TO_END);

  /** How often it is decided anew which topics have the most traffic. */
  private static final Duration RANK_EVERY = Duration.ofMinutes(1);

  private static final TopicTraffic.Sum NONE = TopicTraffic.Sum.NONE;

  private final Map<Integer, TopicTraffic> topics = new ConcurrentHashMap<>();
  private final Map<SeriesByLabel, ToLongFunction<TopicTraffic.Sum>> series;
  private final Sizes batchEvents;
  private final Sizes entryBatches;
  private final Latency publish;
  private final Latency endToEnd;
  private final int topicsMax;
  private final LongSupplier nanoTime;

  // Guarded by this.
  private final Set<Integer> shown = new HashSet<>();
  private final Map<Integer, TopicTraffic.Sum> ranked = new HashMap<>();
  private final Map<Integer, TopicTraffic.Sum> inOthers = new HashMap<>();
  private TopicTraffic.Sum others = NONE;
  private long rankedAt;

  /**
   * @param topicsMax topics with series of their own
   */
  public TrafficMeters(NodeMeters meters, int topicsMax, LongSupplier nanoTime) {
    this.topicsMax = topicsMax;
    this.nanoTime = nanoTime;
    this.rankedAt = nanoTime.getAsLong();
    this.batchEvents = meters.sizes(BATCH_EVENTS);
    this.entryBatches = meters.sizes(ENTRY_BATCHES);
    this.publish = meters.latency(PUBLISH);
    this.endToEnd = meters.latency(END_TO_END);
    this.series =
        Map.of(
            meters.series(PUBLISHED_EVENTS), TopicTraffic.Sum::publishedEvents,
            meters.series(PUBLISHED_BYTES), TopicTraffic.Sum::publishedBytes,
            meters.series(DELIVERED_EVENTS), TopicTraffic.Sum::deliveredEvents,
            meters.series(DELIVERED_BYTES), TopicTraffic.Sum::deliveredBytes);
  }

  /** Counted, and told to nobody. */
  public static TrafficMeters untold() {
    return new TrafficMeters(new NodeMeters(), 0, System::nanoTime);
  }

  /** A topic's traffic, to add to. */
  public TopicTraffic topic(int topicId) {
    return topics.computeIfAbsent(topicId, any -> new TopicTraffic(this));
  }

  void published(int events, long nanos) {
    batchEvents.record(events);
    publish.record(nanos, TimeUnit.NANOSECONDS);
  }

  Latency endToEnd() {
    return endToEnd;
  }

  /** An entry was proposed with so many commands. */
  public void proposed(int commands) {
    entryBatches.record(commands);
  }

  /**
   * Tells the sums as they are now.
   *
   * @param nameOf the topic's name; null when it is no more
   */
  public synchronized void refresh(IntFunction<@Nullable String> nameOf) { // guards the sets
    for (int topic : topics.keySet()) {
      if (nameOf.apply(topic) == null) {
        gone(topic);
      }
    }
    Map<Integer, TopicTraffic.Sum> sums = new HashMap<>();
    topics.forEach((topic, traffic) -> sums.put(topic, traffic.sum()));
    rank(sums);
    Map<String, TopicTraffic.Sum> told = new HashMap<>();
    sums.forEach(
        (topic, sum) -> {
          String name = nameOf.apply(topic);
          if (name != null && shown.contains(topic)) {
            told.put(name, sum);
          } else {
            addToOthers(topic, sum);
          }
        });
    told.put(OTHER, others);
    series.forEach(
        (one, number) -> {
          Map<String, Double> values = new HashMap<>();
          told.forEach((name, sum) -> values.put(name, (double) number.applyAsLong(sum)));
          one.set(values);
        });
  }

  private void addToOthers(int topic, TopicTraffic.Sum sum) {
    TopicTraffic.Sum before = inOthers.put(topic, sum);
    others = others.plus(sum.minus(before == null ? NONE : before));
  }

  /** The topic is no more: nothing is kept of it. */
  public synchronized void gone(int topic) { // guards the sets
    TopicTraffic traffic = topics.remove(topic);
    if (traffic != null && !shown.remove(topic)) {
      addToOthers(topic, traffic.sum());
    }
    ranked.remove(topic);
    inOthers.remove(topic);
  }

  /** Who is shown: everybody while there is room; later those with the most traffic since. */
  private void rank(Map<Integer, TopicTraffic.Sum> sums) {
    if (sums.size() <= topicsMax) {
      sums.keySet().stream().filter(topic -> !shown.contains(topic)).forEach(this::show);
      return;
    }
    long now = nanoTime.getAsLong();
    if (now - rankedAt < RANK_EVERY.toNanos() && shown.size() >= topicsMax) {
      return;
    }
    rankedAt = now;
    Comparator<Integer> byTraffic =
        Comparator.comparingLong(topic -> recent(topic, sums.getOrDefault(topic, NONE)));
    List<Integer> most =
        sums.keySet().stream()
            .sorted(byTraffic.reversed().thenComparing(Comparator.naturalOrder()))
            .limit(topicsMax)
            .toList();
    for (int topic : List.copyOf(shown)) {
      if (!most.contains(topic)) {
        shown.remove(topic);
        inOthers.put(topic, sums.getOrDefault(topic, NONE)); // What was told is told.
      }
    }
    most.stream().filter(topic -> !shown.contains(topic)).forEach(this::show);
    ranked.putAll(sums);
  }

  private void show(int topic) {
    shown.add(topic);
    inOthers.remove(topic);
  }

  private long recent(int topic, TopicTraffic.Sum now) {
    return now.bytes() - ranked.getOrDefault(topic, NONE).bytes();
  }
}
