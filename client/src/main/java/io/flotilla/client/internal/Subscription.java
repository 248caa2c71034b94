package io.flotilla.client.internal;

import io.flotilla.client.FlotillaClientException;
import io.flotilla.client.FlotillaClientException.Details;
import io.flotilla.client.FlotillaClientException.Kind;
import io.flotilla.client.PartitionOffsetInfo;
import io.flotilla.client.StartPosition;
import io.flotilla.client.SubscribeOptions;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.v1.Topic;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What a subscriber reads, worked out once when it begins, in the caller's thread. The end of a
 * partition is asked of its leader then, so that an event published after a subscriber from the
 * latest position was made is certainly delivered.
 *
 * @param readers one a partition, at its begin
 */
record Subscription(List<PartitionReader> readers) {

  static Subscription begin(SubscribeOptions options, AdminCalls admin) {
    Topic topic = admin.describe(options.topic(), admin.timeout());
    List<Integer> partitions =
        options.partitions().isEmpty()
            ? IntStream.range(0, topic.getPartitionCount()).boxed().toList()
            : options.partitions();
    for (int partition : partitions) {
      if (partition >= topic.getPartitionCount()) {
        throw refused(
            ErrorReason.ERROR_REASON_PARTITION_NOT_FOUND,
            "NOT_FOUND",
            "topic " + options.topic() + " has no partition " + partition);
      }
    }
    Map<Integer, Long> ends = ends(options, topic, partitions, admin);
    return new Subscription(
        partitions.stream().map(p -> reader(options, topic, p, ends.getOrDefault(p, 0L))).toList());
  }

  private static Map<Integer, Long> ends(
      SubscribeOptions options, Topic topic, List<Integer> partitions, AdminCalls admin) {
    Map<Integer, Long> ends = new HashMap<>();
    if (options.untilEnd() || options.from() instanceof StartPosition.Latest) {
      List<PartitionOffsetInfo> latest =
          admin.listOffsets(
              options.topic(), topic.getTopicId(), partitions, StartPosition.latest());
      latest.forEach(end -> ends.put(end.partition(), end.offset() == null ? 0L : end.offset()));
    }
    return ends;
  }

  private static PartitionReader reader(
      SubscribeOptions options, Topic topic, int partition, long end) {
    return new PartitionReader(
        topic,
        partition,
        start(options, partition, end),
        options.untilEnd() ? end : PartitionReader.NO_END);
  }

  private static StartPosition start(SubscribeOptions options, int partition, long end) {
    Long resumed = options.resume().get(partition);
    if (resumed != null) {
      return StartPosition.offset(resumed);
    }
    StartPosition from = options.from();
    if (from == null) {
      throw refused(
          ErrorReason.ERROR_REASON_INVALID_ARGUMENT,
          "INVALID_ARGUMENT",
          "partition " + partition + " has no entry in resume, and from is not set");
    }
    return from instanceof StartPosition.Latest ? StartPosition.offset(end) : from;
  }

  private static FlotillaClientException refused(ErrorReason reason, String code, String message) {
    return new FlotillaClientException(
        Kind.REFUSED, message, new Details(reason, code, Map.of(), null, List.of()), null);
  }
}
