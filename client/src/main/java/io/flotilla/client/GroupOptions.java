package io.flotilla.client;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How to take part in a consumer group. Immutable.
 *
 * @param group the group's name; it exists from its first member on
 * @param topics names of topics, or patterns in which {@code *} stands for any characters
 * @param from where to begin in partitions for which the group has no committed offset: earliest,
 *     latest or a time
 * @param instanceId names this member across restarts; empty: none
 * @param sessionTimeout how long the membership outlives a lost connection; zero: the cluster's
 *     default, 2 s, with an instance id 45 s
 * @param revokeTimeout how long a revoked partition may be kept to finish what was handed out;
 *     zero: the cluster's default, 10 s
 * @param assignor how partitions are shared out
 * @param rack where this member stands, for {@link Assignor#RACK_AWARE}; empty: not said
 * @param clientId for people, in descriptions
 * @param bufferBytes bytes of batches that are read ahead, over all partitions; 4 MiB. A larger
 *     batch still comes through
 * @param commitOnNextPoll each poll commits what the previous one returned
 * @param listener is told what becomes of partitions
 */
public record GroupOptions(
    String group,
    List<String> topics,
    StartPosition from,
    String instanceId,
    Duration sessionTimeout,
    Duration revokeTimeout,
    Assignor assignor,
    String rack,
    String clientId,
    long bufferBytes,
    boolean commitOnNextPoll,
    GroupListener listener) {

  /** Told nothing. */
  public static final GroupListener NO_LISTENER = new GroupListener() {};

  public GroupOptions {
    topics = List.copyOf(topics);
    if (group.isEmpty()) {
      throw new IllegalArgumentException("a group is needed");
    }
    if (topics.isEmpty() || topics.contains("")) {
      throw new IllegalArgumentException("topics are needed, by name or by pattern");
    }
    if (from instanceof StartPosition.AtOffset) {
      throw new IllegalArgumentException(
          "a group begins at the earliest or latest event or at a time, not at an offset");
    }
    timeout("sessionTimeout", sessionTimeout);
    timeout("revokeTimeout", revokeTimeout);
    Checks.range("bufferBytes", bufferBytes, 1, SubscribeOptions.BUFFER_BYTES_MAX);
  }

  private static void timeout(String name, Duration timeout) {
    if (!timeout.isZero()) {
      Checks.duration(name, timeout, Duration.ofMillis(1));
    }
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Builds options; group, topics and from are needed. */
  public static final class Builder {
    private String group = "";
    private List<String> topics = List.of();
    private @Nullable StartPosition from;
    private String instanceId = "";
    private Duration sessionTimeout = Duration.ZERO;
    private Duration revokeTimeout = Duration.ZERO;
    private Assignor assignor = Assignor.STICKY;
    private String rack = "";
    private String clientId = "";
    private long bufferBytes = 4L << 20;
    private boolean commitOnNextPoll;
    private GroupListener listener = NO_LISTENER;

    private Builder() {}

    public Builder group(String name) {
      this.group = name;
      return this;
    }

    public Builder topics(String... namesOrPatterns) {
      return topics(List.of(namesOrPatterns));
    }

    public Builder topics(List<String> namesOrPatterns) {
      this.topics = namesOrPatterns;
      return this;
    }

    public Builder from(StartPosition position) {
      this.from = position;
      return this;
    }

    public Builder instanceId(String id) {
      this.instanceId = id;
      return this;
    }

    public Builder sessionTimeout(Duration timeout) {
      this.sessionTimeout = timeout;
      return this;
    }

    public Builder revokeTimeout(Duration timeout) {
      this.revokeTimeout = timeout;
      return this;
    }

    public Builder assignor(Assignor wanted) {
      this.assignor = wanted;
      return this;
    }

    public Builder rack(String name) {
      this.rack = name;
      return this;
    }

    public Builder clientId(String name) {
      this.clientId = name;
      return this;
    }

    public Builder bufferBytes(long bytes) {
      this.bufferBytes = bytes;
      return this;
    }

    public Builder commitOnNextPoll(boolean commit) {
      this.commitOnNextPoll = commit;
      return this;
    }

    public Builder listener(GroupListener told) {
      this.listener = told;
      return this;
    }

    public GroupOptions build() {
      if (from == null) {
        throw new IllegalArgumentException(
            "say where a new group begins: from(StartPosition.earliest())");
      }
      return new GroupOptions(
          group,
          topics,
          from,
          instanceId,
          sessionTimeout,
          revokeTimeout,
          assignor,
          rack,
          clientId,
          bufferBytes,
          commitOnNextPoll,
          listener);
    }
  }
}
