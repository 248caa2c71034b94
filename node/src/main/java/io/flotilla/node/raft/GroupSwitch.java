package io.flotilla.node.raft;

import io.flotilla.node.core.Applied;
import io.flotilla.node.core.Staging;
import io.flotilla.node.store.Keys;
import io.flotilla.node.store.Store;
import io.flotilla.node.store.Table;
import io.flotilla.node.store.View;
import io.flotilla.node.store.WriteBatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts staged rows in the place of a group's own and has Ratis begin behind them. The group is
 * closed meanwhile and opened again, as after a crash, which it must stand anyway.
 *
 * <ol>
 *   <li>one write: the rows, the index up to which they go, and that the log is to be discarded
 *   <li>the log's files are deleted: all of it is older than the rows
 *   <li>one write: nothing is to be discarded any more; only then may the group be opened
 * </ol>
 *
 * Each step is durable before the next; {@link #finish} does the rest at the next start. Ratis
 * itself cannot open a log whose last file ends before the snapshot: it appends to that file and
 * finds a gap. A log that reaches beyond the rows is kept, and Ratis goes on with it.
 */
final class GroupSwitch {

  private static final Logger LOG = LoggerFactory.getLogger(GroupSwitch.class);

  /** The groups of the running server. */
  interface Divisions {
    /** Hands leadership on if the replica here has it. Fails when it cannot. */
    void follow(long group);

    /** Fails when it is not here, or lacks what it would have to apply behind the rows. */
    void check(long group, Applied at);

    /** Closes the group. */
    Closed close(long group);
  }

  /**
   * A group that was closed.
   *
   * @param logEnd the last entry that its log holds on disk
   * @param reopen opens it on what the store and its log hold by then
   */
  record Closed(long logEnd, Runnable reopen) {}

  private final Store store;
  private final Path groups;
  private final Divisions divisions;
  private final RaftListener listener;

  /**
   * @param groups the folder of all groups' logs
   */
  GroupSwitch(Store store, Path groups, Divisions divisions, RaftListener listener) {
    this.store = store;
    this.groups = groups;
    this.divisions = divisions;
    this.listener = listener;
  }

  /** Gives up leading, as a replica has to that is to be rebuilt. Fails when it cannot. */
  void follow(long group) {
    divisions.follow(group);
  }

  /**
   * Switches; until the first write the group is as it was. A fault behind it ends the process,
   * whose next start completes the switch: a group that stays closed would be found by nobody.
   */
  synchronized void run(long group, Applied at, Staging staging) { // also against removal
    divisions.follow(group);
    divisions.check(group, at);
    listener.rebuilding(group);
    try {
      switchTo(group, at, staging);
    } catch (RuntimeException e) {
      listener.fatal("group " + group + " could not be switched to its rebuilt state", e);
      throw e;
    } finally {
      listener.rebuilt(group);
    }
  }

  private void switchTo(long group, Applied at, Staging staging) {
    Closed closed = divisions.close(group);
    boolean discard = closed.logEnd() <= at.index();
    try (WriteBatch batch = store.newBatch()) {
      staging.moveIn(batch);
      AppliedRow.put(batch, group, at, discard);
      store.commit(batch);
    }
    store.flush();
    if (discard) {
      discard(store, groups, group, at);
    }
    closed.reopen().run();
  }

  /** Does what a switch left to do when the process ended; before any log is looked at. */
  static void finish(Store store, Path groups) {
    try (View.Cursor rows = store.scan(Table.RAFT, Keys.FIRST, Keys.last())) {
      while (rows.next()) {
        long group = Keys.number(rows.key(), 0);
        if (AppliedRow.discardsLog(store, group)) {
          Applied at = AppliedRow.of(store, group);
          LOG.info("a rebuild is completed after a restart group={} at={}", group, at);
          discard(store, groups, group, at);
        }
      }
    }
  }

  private static void discard(Store store, Path groups, long group, Applied at) {
    try {
      LogFiles.discard(groups, group);
    } catch (IOException e) {
      throw new UncheckedIOException("the log of group " + group + " cannot be deleted", e);
    }
    try (WriteBatch batch = store.newBatch()) {
      AppliedRow.put(batch, group, at, false);
      store.commit(batch);
    }
    store.flush();
  }
}
