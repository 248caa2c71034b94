package io.flotilla.client;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What to read. Immutable.
 *
 * @param topic the topic's name
 * @param partitions which ones; empty: all that the topic has when the subscription begins
 * @param from where to begin; needed unless every partition has an entry in {@code resume}
 * @param resume the next offset of partitions that were read before
 * @param untilEnd stop at the ends that the partitions have when the subscription begins
 * @param maxEvents stop after this many events; 0: never
 * @param bufferBytes bytes of batches that are read ahead; 4 MiB. A larger batch still comes
 *     through
 */
public record SubscribeOptions(
    String topic,
    List<Integer> partitions,
    @Nullable StartPosition from,
    Map<Integer, Long> resume,
    boolean untilEnd,
    long maxEvents,
    long bufferBytes) {

  /** More is never granted to a server at once. */
  public static final long BUFFER_BYTES_MAX = 64L << 20;

  public SubscribeOptions {
    if (topic.isEmpty()) {
      throw new IllegalArgumentException("a topic is needed");
    }
    partitions = List.copyOf(new TreeSet<>(partitions));
    resume = Map.copyOf(resume);
    for (Integer partition : partitions) {
      Checks.range("a partition", partition, 0, Integer.MAX_VALUE);
    }
    for (Map.Entry<Integer, Long> entry : resume.entrySet()) {
      Checks.range("a partition of resume", entry.getKey(), 0, Integer.MAX_VALUE);
      Checks.range("an offset of resume", entry.getValue(), 0, Long.MAX_VALUE);
    }
    if (from == null && resume.isEmpty()) {
      throw new IllegalArgumentException("say where to begin: from(StartPosition.earliest())");
    }
    Checks.range("maxEvents", maxEvents, 0, Long.MAX_VALUE);
    Checks.range("bufferBytes", bufferBytes, 1, BUFFER_BYTES_MAX);
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Builds options; topic and from are needed. */
  public static final class Builder {
    private String topic = "";
    private List<Integer> partitions = List.of();
    private @Nullable StartPosition from;
    private Map<Integer, Long> resume = Map.of();
    private boolean untilEnd;
    private long maxEvents;
    private long bufferBytes = 4L << 20;

    private Builder() {}

    public Builder topic(String name) {
      this.topic = name;
      return this;
    }

    public Builder partitions(Integer... numbers) {
      return partitions(List.of(numbers));
    }

    public Builder partitions(List<Integer> numbers) {
      this.partitions = numbers;
      return this;
    }

    public Builder from(StartPosition position) {
      this.from = position;
      return this;
    }

    public Builder resume(Map<Integer, Long> nextOffsets) {
      this.resume = nextOffsets;
      return this;
    }

    public Builder untilEnd(boolean stop) {
      this.untilEnd = stop;
      return this;
    }

    public Builder maxEvents(long events) {
      this.maxEvents = events;
      return this;
    }

    public Builder bufferBytes(long bytes) {
      this.bufferBytes = bytes;
      return this;
    }

    public SubscribeOptions build() {
      return new SubscribeOptions(
          topic, partitions, from, resume, untilEnd, maxEvents, bufferBytes);
    }
  }
}
