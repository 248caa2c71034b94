package io.flotilla.node.observe;

import io.flotilla.node.core.group.GroupImage;
import io.flotilla.node.metrics.Metric;
import io.flotilla.node.metrics.NodeMeters;
import io.flotilla.node.metrics.SeriesByLabel;
import io.flotilla.node.metrics.TrafficMeters;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Consumer groups: lag from who leads the partitions, members from who leads the coordinators. Each
 * node tells its part. Of more groups than may have series of their own those that are furthest
 * behind, or that have most members, have them. Runs when somebody reads, one thread at a time.
 */
final class GroupMetrics {

  private static final Metric LAG_EVENTS =
      Metric.gauge(
          "flotilla_group_lag_events",
          "Events that the group has not committed, in the partitions led here together; the sum"
              + " over all nodes is the group's.",
          "group");
  private static final Metric LAG_SECONDS =
      Metric.gauge(
          "flotilla_group_lag_seconds",
          "How long ago the oldest event that the group has not committed was appended, in its"
              + " worst partition of those led here; 0 when it has all. Take the largest of all"
              + " nodes.",
          "group");
  private static final Metric MEMBERS =
      Metric.gauge(
          "flotilla_group_members",
          "Members of the group; told by the node that coordinates it.",
          "group");
  private static final Metric REBALANCES =
      Metric.counter(
          "flotilla_group_rebalances_total",
          "The group's generation, which rises whenever partitions are shared out anew; told by"
              + " the node that coordinates it.",
          "group");
  static final Metric STANDSTILL =
      Metric.seconds(
          "flotilla_group_standstill_seconds",
          "For how long a consumer group had partitions on their way from one member to another,"
              + " which nobody reads meanwhile; each time, at the node that coordinates it.");

  static final List<Metric> METRICS =
      List.of(LAG_EVENTS, LAG_SECONDS, MEMBERS, REBALANCES, STANDSTILL);

  private final int groupsMax;
  private final LagLook look;
  private final Supplier<Collection<GroupImage>> groups;
  private final LongSupplier clockMs;
  private final SeriesByLabel lagEvents;
  private final SeriesByLabel lagSeconds;
  private final SeriesByLabel members;
  private final SeriesByLabel rebalances;

  /**
   * @param groupsMax consumer groups with series of their own
   * @param groups those that are coordinated here
   */
  GroupMetrics(
      NodeMeters meters,
      int groupsMax,
      LagLook look,
      Supplier<Collection<GroupImage>> groups,
      LongSupplier clockMs) {
    this.groupsMax = groupsMax;
    this.look = look;
    this.groups = groups;
    this.clockMs = clockMs;
    lagEvents = meters.series(LAG_EVENTS);
    lagSeconds = meters.series(LAG_SECONDS);
    members = meters.series(MEMBERS);
    rebalances = meters.series(REBALANCES);
    meters.beforeRead(this::refresh);
  }

  private void refresh() {
    tellLag(look.lags());
    tellMembers(groups.get());
  }

  private void tellLag(Map<String, LagLook.Lag> lags) {
    long now = clockMs.getAsLong();
    Map<String, LagLook.Lag> told = new HashMap<>();
    Comparator<Map.Entry<String, LagLook.Lag>> worst =
        Comparator.<Map.Entry<String, LagLook.Lag>>comparingDouble(
                one -> one.getValue().seconds(now))
            .thenComparingLong(one -> one.getValue().events())
            .reversed();
    lags.entrySet().stream()
        .sorted(worst.thenComparing(Map.Entry.comparingByKey()))
        .forEach(
            one ->
                told.merge(
                    told.size() < groupsMax ? one.getKey() : TrafficMeters.OTHER,
                    one.getValue(),
                    LagLook.Lag::plus));
    Map<String, Double> events = new HashMap<>();
    Map<String, Double> seconds = new HashMap<>();
    told.forEach(
        (group, lag) -> {
          events.put(group, (double) lag.events());
          seconds.put(group, lag.seconds(now));
        });
    lagEvents.set(events);
    lagSeconds.set(seconds);
  }

  private void tellMembers(Collection<GroupImage> images) {
    Map<String, Double> count = new HashMap<>();
    Map<String, Double> generations = new HashMap<>();
    Comparator<GroupImage> most = Comparator.comparingInt(image -> image.members().size());
    images.stream()
        .sorted(most.reversed().thenComparing(image -> image.state().getName()))
        .forEach(
            image -> {
              boolean own = count.size() < groupsMax;
              String label = own ? image.state().getName() : TrafficMeters.OTHER;
              count.merge(label, (double) image.members().size(), Double::sum);
              if (own) {
                generations.put(label, (double) image.state().getGeneration());
              }
            });
    members.set(count);
    rebalances.set(generations);
  }
}
