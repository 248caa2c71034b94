package io.flotilla.cli.subscribe;

import io.flotilla.cli.output.BrokenPipeException;
import io.flotilla.cli.output.Terminal;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.FlotillaClientException;
import io.flotilla.client.GroupConsumer;
import io.flotilla.client.GroupListener;
import io.flotilla.client.GroupOptions;
import io.flotilla.client.ReceivedEvent;
import io.flotilla.client.TopicPartition;
import io.flotilla.proto.types.v1.ErrorReason;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Shows events as a member of a consumer group, and commits them when they have been written out.
 * Confined to the command's thread, but for the end by Ctrl-C, which waits for the commit.
 */
final class GroupReading implements GroupListener {

  private static final Duration POLL = Duration.ofSeconds(1);

  private final EventWriter writer;
  private final Terminal terminal;
  private final boolean quiet;
  private final Object gate = new Object(); // held from writing events to their commit
  private long left;
  private boolean ended;

  /**
   * @param max ends after this many events
   * @param quiet says nothing about partitions
   */
  GroupReading(EventWriter writer, Terminal terminal, long max, boolean quiet) {
    this.writer = writer;
    this.terminal = terminal;
    this.left = max;
    this.quiet = quiet;
  }

  void run(FlotillaClient client, GroupOptions.Builder options) {
    try (GroupConsumer consumer = client.join(options.listener(this).build())) {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> leave(consumer), "leave"));
      writer.begin();
      boolean more = true;
      while (more) {
        List<ReceivedEvent> events = consumer.poll(POLL);
        synchronized (gate) { // guards left and ended, and closing against committing
          more = !ended && take(consumer, events);
        }
      }
      writer.end();
      terminal.flush();
    }
  }

  /** False when there were enough. */
  private boolean take(GroupConsumer consumer, List<ReceivedEvent> events) {
    Map<TopicPartition, Long> written = new HashMap<>();
    for (ReceivedEvent event : events) {
      if (left > 0) {
        left--;
        writer.write(event);
        written.put(new TopicPartition(event.topic(), event.partition()), event.offset() + 1);
      }
    }
    terminal.flush();
    if (!written.isEmpty()) {
      commit(consumer, written);
    }
    return left > 0;
  }

  private void commit(GroupConsumer consumer, Map<TopicPartition, Long> written) {
    try {
      consumer.commit(written);
    } catch (FlotillaClientException e) {
      if (e.reason() != ErrorReason.ERROR_REASON_MEMBER_FENCED) {
        throw e;
      }
      terminal.note("note: others may show these events again: " + e.getMessage());
    }
  }

  /** Ctrl-C: what was shown is committed, the group is told, and the exit code is 130. */
  private void leave(GroupConsumer consumer) {
    synchronized (gate) {
      ended = true;
      try {
        terminal.flush();
      } catch (BrokenPipeException readerHasEnough) {
        return; // Nobody reads, so nothing is lost.
      } finally {
        consumer.close();
      }
    }
  }

  @Override
  public void assigned(Set<TopicPartition> partitions) {
    note("assigned " + names(partitions));
  }

  @Override
  public void revoked(Set<TopicPartition> partitions) {
    note("revoked " + names(partitions));
  }

  @Override
  public void lost(Set<TopicPartition> partitions) {
    note("lost " + names(partitions) + ": others may show their last events again");
  }

  @Override
  public void reset(TopicPartition partition, long from, long to) {
    note(partition + ": offset " + from + " is no longer kept, going on at " + to);
  }

  private void note(String text) {
    if (!quiet) {
      terminal.note(text);
    }
  }

  private static String names(Set<TopicPartition> partitions) {
    return partitions.stream().map(TopicPartition::toString).collect(Collectors.joining(", "));
  }
}
