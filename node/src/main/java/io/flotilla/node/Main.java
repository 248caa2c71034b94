package io.flotilla.node;

import io.flotilla.node.config.ConfigException;
import io.flotilla.node.config.ConfigLoader;
import io.flotilla.node.config.NodeConfig;
import io.flotilla.node.disk.DiskFault;
import io.flotilla.node.disk.DurableFiles;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs one node: {@code Main --config FILE}. SIGTERM stops it, exit code 0. */
public final class Main {

  private static final Logger LOG = LoggerFactory.getLogger(Main.class);
  private static final int USAGE = 2;

  /** Held here, since the JDK forgets the level of a logger that nobody holds. */
  private static final java.util.logging.Logger RATIS_NETWORK =
      java.util.logging.Logger.getLogger("org.apache.ratis.thirdparty");

  /** Of a stop that is not at once; a failed start makes it 1. */
  private static volatile int exitCode;

  private Main() {}

  public static void main(String[] args) {
    if (args.length != 2 || !args[0].equals("--config")) {
      System.err.println("usage: Main --config FILE");
      System.exit(USAGE);
    }
    // The networking library under Ratis logs by the JDK's own logger, to standard error.
    RATIS_NETWORK.setLevel(Level.WARNING);
    DurableFiles.onSyncFailure(Main::halt);
    try {
      run(ConfigLoader.load(Path.of(args[1]), System.getenv()));
    } catch (ConfigException e) {
      System.err.println("error: cannot start with " + e.getMessage());
      System.exit(USAGE);
    } catch (Exception e) {
      LOG.error("node cannot start: {}", e.getMessage(), e);
      if (DiskFault.isFull(e)) {
        LOG.error("node ended: {}", DiskFault.advice(e));
      }
      exitCode = 1;
      System.exit(1);
    }
  }

  private static void run(NodeConfig config) throws InterruptedException {
    FlotillaNode node = new FlotillaNode(config, Main::halt);
    CountDownLatch stopped = new CountDownLatch(1);
    Thread hook =
        new Thread(
            () -> {
              stop(node);
              stopped.countDown();
              // An exit code of 128 + 15 would call a clean stop a failure.
              Runtime.getRuntime().halt(exitCode);
            },
            "flotilla-stop");
    Runtime.getRuntime().addShutdownHook(hook);
    node.start();
    stopped.await();
  }

  /** What fails while stopping is told: a hook's exception ends in the exit code of the signal. */
  private static void stop(FlotillaNode node) {
    try {
      node.close();
    } catch (RuntimeException e) {
      LOG.error("node did not stop cleanly; its next start reads its Raft log again", e);
      exitCode = 1;
    }
  }

  /**
   * A fault after which going on could lose or falsify data: stop at once, and say why.
   * Synchronized so that one fault is told, and whoever comes with another waits for the end.
   */
  private static synchronized void halt(String what, Throwable cause) {
    LOG.error("node stops at once: {}", what, cause);
    LOG.error(
        "node ended; what was acknowledged is on other nodes or in its Raft log: {}",
        DiskFault.advice(cause));
    Runtime.getRuntime().halt(1);
  }
}
