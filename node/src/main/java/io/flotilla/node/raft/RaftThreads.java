package io.flotilla.node.raft;

import org.apache.ratis.util.OpenCloseState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads of a node's Raft groups. A leader's thread that counts acknowledgements while its
 * group is closed meets, in Ratis 3.3.0, the closed log and ends: as it should, for nobody waits
 * for it. Any other fault that ends one of them is told as Java does by default, on standard error.
 * Safe.
 */
final class RaftThreads extends ThreadGroup {

  private static final Logger LOG = LoggerFactory.getLogger(RaftThreads.class);

  RaftThreads(String peerId) {
    super(peerId);
  }

  @Override
  public void uncaughtException(Thread thread, Throwable fault) {
    if (metClosedLog(fault)) {
      LOG.debug("thread {} ends with its group", thread.getName(), fault);
    } else {
      super.uncaughtException(thread, fault);
    }
  }

  /** The cause is where the log was closed; one that was never open has another cause. */
  private static boolean metClosedLog(Throwable fault) {
    return fault instanceof IllegalStateException
        && fault.getCause() != null
        && fault.getCause().getClass().getEnclosingClass() == OpenCloseState.class;
  }
}
