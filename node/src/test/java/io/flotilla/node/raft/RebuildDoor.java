package io.flotilla.node.raft;

import io.flotilla.node.core.Applied;
import io.flotilla.node.core.Staging;
import io.flotilla.node.store.Store;
import io.flotilla.node.store.WriteBatch;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * What a simulation without Ratis needs of this package: the applied row, a rebuild and the switch
 * to its rows, as they are. Stateless; runs on its caller's thread.
 */
public final class RebuildDoor {

  /** There are no logs on disk, so nothing is discarded. */
  private static final Path NO_FOLDER = Path.of("no-such-folder");

  private RebuildDoor() {}

  /** The batch also says up to where the group is applied, as the adapter has it. */
  public static void applied(WriteBatch batch, long group, Applied at) {
    AppliedRow.put(batch, group, at, false);
  }

  /** Pulls a group's rows from a peer into the staging. */
  public static Applied pull(long group, long minIndex, Staging staging, GroupSource source) {
    Pace pace = new Pace(0, new CountDownLatch(1));
    return new Rebuild(group, minIndex, staging, pace).pull(source, List.of("peer"));
  }

  /**
   * Puts what is staged in the place of the group's rows.
   *
   * @param logEnd the last entry that the replica's log holds
   */
  public static void switchTo(
      Store store, long group, Applied at, Staging staging, long logEnd, Runnable reopen) {
    new GroupSwitch(store, NO_FOLDER, new OneGroup(logEnd, reopen), new Deaf())
        .run(group, at, staging);
  }

  private record OneGroup(long logEnd, Runnable reopen) implements GroupSwitch.Divisions {
    @Override
    public void follow(long group) {}

    @Override
    public void check(long group, Applied at) {}

    @Override
    public GroupSwitch.Closed close(long group) {
      return new GroupSwitch.Closed(logEnd, reopen);
    }
  }

  private static final class Deaf implements RaftListener {
    @Override
    public void leaderReady(long group, long term) {}

    @Override
    public void leaderChanged(long group) {}

    @Override
    public void fatal(String what, Throwable cause) {
      throw new IllegalStateException(what, cause);
    }
  }
}
