package io.flotilla.node.raft;

import io.flotilla.node.core.Applied;
import io.flotilla.node.core.Staging;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.model.GroupChunk;
import io.flotilla.node.model.GroupTotals;
import io.flotilla.node.raft.GroupSource.GroupSourceException;
import io.flotilla.node.store.Table;
import io.flotilla.proto.types.v1.ErrorReason;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One rebuild of a group: pulls its rows from a peer into the staging, checks every chunk and the
 * sum. A stream that broke is gone on with; what does not agree is dropped and pulled again from
 * another peer. Confined to the thread that rebuilds.
 */
final class Rebuild implements GroupSource.Sink {

  private static final Logger LOG = LoggerFactory.getLogger(Rebuild.class);

  /** Attempts one after the other that brought nothing. */
  private static final int VAIN_ATTEMPTS_MAX = 3;

  private static final long PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final double MEGA = 1e6;

  private final long group;
  private final long minIndex;
  private final Staging staging;
  private final Pace pace;
  private final long started = System.nanoTime();
  private long token;
  private Applied at = Applied.NONE;
  private GroupTotals totals = GroupTotals.NONE;
  private boolean ended;
  private long toldNanos = started;

  /**
   * @param minIndex the rows must hold the effects of this entry
   */
  Rebuild(long group, long minIndex, Staging staging, Pace pace) {
    this.group = group;
    this.minIndex = minIndex;
    this.staging = staging;
    this.pace = pace;
  }

  /**
   * Pulls until everything is staged; answers the last entry whose effects that holds.
   *
   * @param peers whom to ask, in this order and round again
   * @throws GroupSourceException after some attempts in vain
   */
  Applied pull(GroupSource source, List<String> peers) {
    int turn = 0;
    for (int vain = 0; vain < VAIN_ATTEMPTS_MAX; vain++) {
      long before = totals.chunks();
      String peer = peers.get(turn % peers.size());
      try {
        source.pull(peer, new GroupSource.Pull(group, minIndex, token, before), this);
        if (ended) {
          return at;
        }
        throw new GroupSourceException("the stream had no end");
      } catch (GroupSourceException e) {
        if (Thread.currentThread().isInterrupted()) {
          throw e;
        }
        LOG.info("rebuild is interrupted group={} peer={} why={}", group, peer, e.getMessage());
        if (totals.chunks() > before) {
          vain = -1; // Goes on with the same stream; that there is an end is for the sender to see.
        } else {
          turn++;
        }
      } catch (FlotillaException e) {
        LOG.warn(
            "rebuild starts over: what came is damaged group={} peer={} chunks={} why={}",
            group,
            peer,
            totals.chunks(),
            e.getMessage());
        startOver();
        turn++;
      }
    }
    throw new GroupSourceException("no peer of " + peers + " gave all of group " + group);
  }

  private void startOver() {
    staging.clear();
    totals = GroupTotals.NONE;
    token = 0;
    ended = false;
  }

  @Override
  public void started(long newToken, Applied newAt) {
    if (newAt.index() < minIndex) {
      throw new GroupSourceException("it has applied " + newAt + " only, not " + minIndex);
    }
    if (newToken != token) {
      startOver();
      token = newToken;
      at = newAt;
      LOG.info("rebuild begins group={} at={} needed={}", group, at, minIndex);
    }
  }

  @Override
  public void chunk(GroupChunk chunk) {
    if (chunk.number() != totals.chunks() + 1 || !chunk.intact()) {
      throw corrupt("chunk " + chunk.number() + " behind " + totals.chunks() + " is not intact");
    }
    Table table;
    try {
      table = Table.valueOf(chunk.table());
    } catch (IllegalArgumentException e) {
      throw new GroupSourceException("it has a table that is not known here", e);
    }
    try {
      pace.take(chunk.block().size());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new GroupSourceException("the node stops", e);
    }
    staging.add(table, chunk.partition(), chunk.block());
    totals = totals.plus(chunk);
    if (System.nanoTime() - toldNanos >= PROGRESS_NANOS) {
      toldNanos = System.nanoTime();
      LOG.info("rebuild goes on {}", progress());
    }
  }

  @Override
  public void ended(GroupTotals sent) {
    if (!sent.equals(totals)) {
      throw corrupt("it sent " + sent + ", but " + totals + " came");
    }
    ended = true;
  }

  private static FlotillaException corrupt(String what) {
    return new FlotillaException(ErrorReason.ERROR_REASON_CORRUPT_DATA, what);
  }

  /** How much and how fast, for the log. */
  String progress() {
    double seconds = (System.nanoTime() - started) / 1e9;
    double megabytes = totals.bytes() / MEGA;
    return String.format(
        "group=%d at=%s chunks=%d MB=%.1f seconds=%.1f MB/s=%.1f",
        group, at, totals.chunks(), megabytes, seconds, megabytes / seconds);
  }
}
