package io.flotilla.node.simulation;

import com.google.protobuf.Message;
import io.flotilla.node.core.metadata.Metadata;
import io.flotilla.node.model.PartitionId;
import io.flotilla.node.raft.GroupIds;
import io.flotilla.proto.state.v1.AppendBatch;
import io.flotilla.proto.state.v1.MetadataOutcome;
import io.flotilla.proto.types.v1.ErrorReason;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An idempotent producer with a name: keeps up to five batches of a partition on their way, sends
 * them all again in their order when one is not answered well. When it starts anew it gets the next
 * epoch, and its past self goes on as if it had not heard. Confined to one thread.
 */
final class SimProducer {

  private static final int WINDOW = 5;

  /** After so many in a row a partition must have forgotten it: it begins anew. */
  private static final int GAPS_MAX = 4 * WINDOW;

  /** One partition's sequence. */
  private final class Stream {
    final PartitionId partition;
    final Identity identity;
    final ArrayDeque<Sent> window = new ArrayDeque<>();
    int next;
    boolean broken;
    int gaps;

    Stream(PartitionId partition, Identity identity) {
      this.partition = partition;
      this.identity = identity;
    }

    void send(int events, boolean careful) {
      forgetDone();
      if (broken && careful) {
        resend();
      }
      if (window.size() >= WINDOW) {
        return;
      }
      long tag = world.history().nextTag();
      AppendBatch append =
          AppendBatch.newBuilder()
              .setBatch(Payloads.batch(tag, events, world.cluster().nowMs()))
              .setProducerId(identity.id)
              .setProducerEpoch(identity.epoch)
              .setFirstSequence(next)
              .build();
      next += events;
      Sent sent = new Sent(world, partition, append, tag, this::refused);
      window.add(sent);
      all.add(sent);
      sent.send();
    }

    private void refused(ErrorReason why) {
      broken = true;
      identity.over |= why == ErrorReason.ERROR_REASON_PRODUCER_FENCED;
      gaps += why == ErrorReason.ERROR_REASON_SEQUENCE_GAP ? 1 : 0;
      identity.over |= gaps > GAPS_MAX;
    }

    void resend() {
      forgetDone();
      if (broken) {
        broken = false;
        List.copyOf(window).forEach(Sent::send);
      }
    }

    void forgetDone() {
      while (!window.isEmpty() && window.getFirst().isDone()) {
        window.removeFirst();
        gaps = 0;
      }
    }

    boolean isIdle() {
      forgetDone();
      return window.isEmpty();
    }
  }

  /** The producer in one epoch. */
  private static final class Identity {
    final long id;
    final int epoch;
    final Map<PartitionId, Stream> streams = new TreeMap<>();
    boolean over;

    Identity(long id, int epoch) {
      this.id = id;
      this.epoch = epoch;
    }
  }

  private final World world;
  private final String name;
  private final List<Sent> all = new ArrayList<>();
  private @Nullable Identity now;
  private @Nullable Identity past;
  private boolean opening;

  SimProducer(World world, String name) {
    this.world = world;
    this.name = name;
  }

  /**
   * Sends some batches, or asks for an identity first.
   *
   * @param careful what was lost comes before what is new
   */
  void publish(PartitionId partition, int batches, int events, boolean careful) {
    Identity identity = now;
    if (identity == null || identity.over) {
      open();
      return;
    }
    for (int i = 0; i < batches; i++) {
      stream(identity, partition).send(events, careful);
    }
  }

  private Stream stream(Identity identity, PartitionId partition) {
    return identity.streams.computeIfAbsent(partition, id -> new Stream(id, identity));
  }

  void open() {
    if (opening) {
      return;
    }
    opening = true;
    world
        .cluster()
        .propose(
            GroupIds.METADATA, new Proposal(Metadata.openProducer(name).build(), 0, this::opened));
  }

  private void opened(Proposal.End end, @Nullable Message message) {
    opening = false;
    if (message instanceof MetadataOutcome outcome) {
      past = now;
      now = new Identity(outcome.getProducerId(), outcome.getProducerEpoch());
    }
  }

  void retry(PartitionId partition) {
    if (now != null && !now.over) {
      Stream stream = stream(now, partition);
      stream.broken = true;
      stream.resend();
    }
  }

  /** The past self does not know that it is over. */
  void ghost(PartitionId partition, int events) {
    if (past != null) {
      Stream stream = stream(past, partition);
      stream.send(events, true);
    }
  }

  /** Sends again whatever is not answered. True when all is, or can never be. */
  boolean drain() {
    Identity identity = now;
    if (identity == null || identity.over) {
      return true;
    }
    boolean idle = true;
    for (Stream stream : identity.streams.values()) {
      boolean gone = world.group(stream.partition) == null;
      if (!gone && !stream.isIdle()) {
        stream.broken = true;
        stream.resend();
        idle = false;
      }
    }
    return idle;
  }

  /** Nothing comes any more: what failed has failed. */
  void settle() {
    all.forEach(Sent::settle);
  }
}
