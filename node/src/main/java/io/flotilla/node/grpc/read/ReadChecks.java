package io.flotilla.node.grpc.read;

import io.flotilla.node.batch.BatchLimits;
import io.flotilla.node.core.metadata.TopicInfo;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.proto.types.v1.PartitionOffset;
import io.flotilla.proto.types.v1.Position;
import io.flotilla.proto.v1.FetchRequest;
import io.flotilla.proto.v1.SubscribeRequest;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** What must hold of a request to read. Throws INVALID_ARGUMENT or PARTITION_NOT_FOUND. Pure. */
public final class ReadChecks {

  static final int FETCH_BYTES_MAX = 4 << 20;
  static final int FETCH_WAIT_MS_MAX = 30_000;

  private ReadChecks() {}

  public static void topicId(long topicId) {
    if (topicId < 0) {
      throw FlotillaException.invalid("topic_id must not be negative, was " + topicId);
    }
  }

  public static void position(Position position) {
    switch (position.getFrom()) {
      case START_FROM_EARLIEST, START_FROM_LATEST, START_FROM_OFFSET -> {}
      case START_FROM_TIME -> {
        long time = position.getTimeUnixMs();
        if (time < 0 || time > BatchLimits.TIMESTAMP_MS_MAX) {
          throw FlotillaException.invalid(
              "time_unix_ms must be 0 to " + BatchLimits.TIMESTAMP_MS_MAX + ", was " + time);
        }
      }
      case START_FROM_UNSPECIFIED, UNRECOGNIZED ->
          throw FlotillaException.invalid(
              "the position must say from where: earliest, latest, offset or time");
    }
  }

  /** The partitions asked for: all when none is named, none twice. */
  public static List<Integer> partitions(List<Integer> named, TopicInfo topic) {
    int count = topic.partitionCount();
    if (named.isEmpty()) {
      return IntStream.range(0, count).boxed().toList();
    }
    Set<Integer> seen = new HashSet<>();
    for (int partition : named) {
      if (!seen.add(partition)) {
        throw FlotillaException.invalid("partition " + partition + " is named twice");
      }
    }
    return named;
  }

  static void subscribe(SubscribeRequest request, List<Integer> partitions) {
    topicId(request.getTopicId());
    if (request.getMaxEvents() < 0) {
      throw FlotillaException.invalid(
          "max_events must not be negative, was " + request.getMaxEvents());
    }
    Set<Integer> resumed = new HashSet<>();
    for (PartitionOffset at : request.getResumeList()) {
      if (!partitions.contains(at.getPartition())) {
        throw FlotillaException.invalid(
            "resume names partition " + at.getPartition() + ", which is not subscribed to");
      }
      if (!resumed.add(at.getPartition())) {
        throw FlotillaException.invalid("resume names partition " + at.getPartition() + " twice");
      }
    }
    if (resumed.size() < partitions.size() || request.hasFrom()) {
      position(request.getFrom());
    }
  }

  static void fetch(FetchRequest request) {
    topicId(request.getTopicId());
    if (request.getMaxBytes() < 0 || request.getMaxBytes() > FETCH_BYTES_MAX) {
      throw FlotillaException.invalid(
          "max_bytes must be 0 to " + FETCH_BYTES_MAX + ", was " + request.getMaxBytes());
    }
    if (request.getMaxWaitMs() < 0 || request.getMaxWaitMs() > FETCH_WAIT_MS_MAX) {
      throw FlotillaException.invalid(
          "max_wait_ms must be 0 to " + FETCH_WAIT_MS_MAX + ", was " + request.getMaxWaitMs());
    }
  }
}
