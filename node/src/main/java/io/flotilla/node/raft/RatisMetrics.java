package io.flotilla.node.raft;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.ratis.metrics.LongCounter;
import org.apache.ratis.metrics.MetricRegistries;
import org.apache.ratis.metrics.MetricRegistryInfo;
import org.apache.ratis.metrics.RatisMetricRegistry;
import org.apache.ratis.metrics.Timekeeper;
import org.apache.ratis.util.TimeDuration;

/**
 * What Ratis counts and times, summed over all groups of the process, since a series for each of a
 * thousand groups would be more than anybody can store. Ratis finds this class as a service and
 * makes one for the process. Its own implementation samples every duration into a sorted map, which
 * cost a twentieth of a busy node's processor time; here it is two additions. Gauges of single
 * groups are left out: the node tells of its replicas itself. Safe.
 */
public final class RatisMetrics extends MetricRegistries {

  /** A peer's or a group's name, as Ratis puts it into the names of some metrics. */
  private static final Pattern OF_ONE =
      Pattern.compile("[._-]?(\\d+\\.[0-9a-f]{8}|group-[0-9A-Fa-f]+)(@group-[0-9A-Fa-f]+)?");

  private static final String ELECTIONS = "leader_election.election_count";

  private static final List<Consumer<Metric>> LISTENERS = new CopyOnWriteArrayList<>();
  private static final Map<String, Metric> METRICS = new ConcurrentHashMap<>();

  private final Map<MetricRegistryInfo, RatisMetricRegistry> registries = new ConcurrentHashMap<>();

  /**
   * Something that is counted, and perhaps timed. Only rises.
   *
   * @param name part and metric, in small letters with underscores: log_worker.flush_time
   * @param timed nanoseconds are added up, too
   * @param watchers told how many nanoseconds it took, each time, on the thread that did it
   */
  public record Metric(
      String name, boolean timed, LongAdder count, LongAdder nanos, List<LongConsumer> watchers)
      implements LongCounter, Timekeeper {

    @Override
    public void inc(long n) {
      count.add(n);
    }

    @Override
    public void dec(long n) {
      count.add(-n);
    }

    @Override
    public long getCount() {
      return count.sum();
    }

    @Override
    public Context time() {
      long begin = System.nanoTime();
      return () -> {
        long took = System.nanoTime() - begin;
        count.increment();
        nanos.add(took);
        for (LongConsumer watcher : watchers) {
          watcher.accept(took);
        }
        return took;
      };
    }
  }

  /** Elections that replicas of this process stood in, won or not. */
  public static long elections() {
    Metric counted = METRICS.get(ELECTIONS);
    return counted == null ? 0 : counted.getCount();
  }

  /** Tells of every metric that there is, and of each new one when it is first used. */
  public static void listen(Consumer<Metric> listener) {
    synchronized (METRICS) { // guards METRICS and LISTENERS together: each is told once
      LISTENERS.add(listener);
      METRICS.values().forEach(listener);
    }
  }

  /** Undoes {@link #listen}. */
  public static void forget(Consumer<Metric> listener) {
    LISTENERS.remove(listener);
  }

  /** Tells a watcher, of whichever metrics, nothing more. */
  public static void unwatch(LongConsumer watcher) {
    METRICS.values().forEach(metric -> metric.watchers().remove(watcher));
  }

  private static Metric metric(MetricRegistryInfo of, String name, boolean timed) {
    String full =
        snake(of.getMetricsComponentName()) + "." + snake(OF_ONE.matcher(name).replaceAll(""));
    Metric known = METRICS.get(full);
    if (known != null) {
      return known;
    }
    synchronized (METRICS) { // guards METRICS and LISTENERS together
      return METRICS.computeIfAbsent(
          full,
          missing -> {
            Metric fresh =
                new Metric(
                    full, timed, new LongAdder(), new LongAdder(), new CopyOnWriteArrayList<>());
            LISTENERS.forEach(listener -> listener.accept(fresh));
            return fresh;
          });
    }
  }

  private static String snake(String name) {
    return name.replaceAll("([a-z0-9])([A-Z])", "$1_$2")
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^a-z0-9]+", "_")
        .replaceAll("^_|_$", "");
  }

  /** What one part of Ratis uses; its metrics are everybody's. */
  private record Registry(MetricRegistryInfo info, Map<String, Metric> used)
      implements RatisMetricRegistry {

    @Override
    public Timekeeper timer(String name) {
      return used.computeIfAbsent(name, n -> metric(info, n, true));
    }

    @Override
    public LongCounter counter(String name) {
      return used.computeIfAbsent(name, n -> metric(info, n, false));
    }

    @Override
    public boolean remove(String name) {
      return used.remove(name) != null;
    }

    @Override
    public <T> void gauge(String name, Supplier<Supplier<T>> gauge) {}

    @Override
    public MetricRegistryInfo getMetricRegistryInfo() {
      return info;
    }
  }

  @Override
  public void clear() {
    registries.clear();
  }

  @Override
  public RatisMetricRegistry create(MetricRegistryInfo info) {
    return registries.computeIfAbsent(info, i -> new Registry(i, new ConcurrentHashMap<>()));
  }

  @Override
  public boolean remove(MetricRegistryInfo info) {
    return registries.remove(info) != null;
  }

  @Override
  public Optional<RatisMetricRegistry> get(MetricRegistryInfo info) {
    return Optional.ofNullable(registries.get(info));
  }

  @Override
  public Set<MetricRegistryInfo> getMetricRegistryInfos() {
    return Set.copyOf(registries.keySet());
  }

  @Override
  public Collection<RatisMetricRegistry> getMetricRegistries() {
    return List.copyOf(registries.values());
  }

  @Override
  public void addReporterRegistration(
      Consumer<RatisMetricRegistry> reporter, Consumer<RatisMetricRegistry> stop) {
    throw new UnsupportedOperationException("metrics are scraped at the node's HTTP port");
  }

  @Override
  public void enableJmxReporter() {
    throw new UnsupportedOperationException("metrics are scraped at the node's HTTP port");
  }

  @Override
  public void enableConsoleReporter(TimeDuration rate) {
    throw new UnsupportedOperationException("metrics are scraped at the node's HTTP port");
  }
}
