package io.flotilla.node.raft;

import java.lang.reflect.Field;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.util.AwaitToRun;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops the thread that evicts a Raft log's cache, before the log is closed. Ratis 3.3.0 joins that
 * thread under the log's write lock, for which the thread may be waiting: then neither ever ends
 * (SegmentedRaftLog.close against checkAndEvictCache). Stopped before, there is nothing to join.
 * The field is private, so it is reached by reflection; if a later Ratis has none, nothing is done.
 */
final class LogCacheEviction {

  private static final Logger LOG = LoggerFactory.getLogger(LogCacheEviction.class);
  private static final String FIELD = "cacheEviction";

  private LogCacheEviction() {}

  static void stop(RaftServer.Division division) {
    RaftLog log = division.getRaftLog();
    try {
      Field field = log.getClass().getDeclaredField(FIELD);
      field.setAccessible(true);
      if (field.get(log) instanceof AwaitToRun eviction) {
        eviction.close();
      }
    } catch (ReflectiveOperationException e) {
      LOG.warn("closing a Raft log may take for ever: {} has no {}", log.getClass(), FIELD, e);
    }
  }
}
