package io.flotilla.node.raft;

import io.flotilla.node.raft.Floors.Floor;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.ratis.server.RaftServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How far the logs of the open groups are on disk. Confined to whoever writes that down. */
final class LogProgress implements Supplier<Map<Long, Floor>> {

  private static final Logger LOG = LoggerFactory.getLogger(LogProgress.class);

  private final RaftServer server;
  private final Set<Long> groups;
  private final Map<Long, Long> terms = new HashMap<>();

  /**
   * @param groups those that are open; may change at any time
   */
  LogProgress(RaftServer server, Set<Long> groups) {
    this.server = server;
    this.groups = groups;
  }

  @Override
  public Map<Long, Floor> get() {
    Map<Long, Floor> progress = new TreeMap<>();
    terms.keySet().retainAll(groups);
    for (long group : groups) {
      try {
        RaftServer.Division division = server.getDivision(GroupIds.toRatis(group));
        long term = division.getInfo().getCurrentTerm();
        // A term counts once it has stood for a while: Ratis shows it before it is on disk.
        Long before = terms.put(group, term);
        progress.put(
            group,
            new Floor(
                division.getRaftLog().getFlushIndex(),
                before == null ? 0 : Math.min(before, term)));
      } catch (IOException | IllegalStateException e) {
        LOG.debug("group {} is being closed or opened", group, e);
      }
    }
    return progress;
  }
}
