package io.flotilla.node.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.ratis.util.OpenCloseState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a fault that ends a thread of a Raft group. */
class RaftThreadsTest {
  private final Queue<Throwable> told = new ConcurrentLinkedQueue<>();
  private final OpenCloseState log = new OpenCloseState("a log");
  private Thread.UncaughtExceptionHandler before;

  @BeforeEach
  void listen() {
    before = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler((thread, fault) -> told.add(fault));
  }

  @AfterEach
  void listenNoMore() {
    Thread.setDefaultUncaughtExceptionHandler(before);
  }

  /** The leader's, that had an acknowledgement in hand when its topic was deleted. */
  @Test
  void whoMeetsTheClosedLogEndsQuietly() throws Exception {
    log.open();
    log.close();

    run(log::assertOpen);

    assertThat(told).isEmpty();
  }

  @Test
  void aLogThatWasNeverOpenIsAFault() throws Exception {
    run(log::assertOpen);

    assertThat(told).singleElement().isInstanceOf(IllegalStateException.class);
  }

  @Test
  void anyOtherFaultIsTold() throws Exception {
    AssertionError fault = new AssertionError("currentTerm");

    run(
        () -> {
          throw fault;
        });

    assertThat(told).containsExactly(fault);
  }

  @Test
  void theThreadsOfAGroupAreAmongThem(@TempDir Path folder) throws Exception {
    try (RaftNodes nodes = new RaftNodes(folder, 1)) {
      nodes.count();

      assertThat(Thread.getAllStackTraces().keySet())
          .filteredOn(thread -> thread.getName().contains("LeaderStateImpl"))
          .extracting(Thread::getThreadGroup)
          .filteredOn(Objects::nonNull) // Ended meanwhile: another test's.
          .isNotEmpty()
          .allMatch(RaftThreadsTest::isAmong);
    }
  }

  private static boolean isAmong(ThreadGroup group) {
    return group instanceof RaftThreads || (group != null && isAmong(group.getParent()));
  }

  /** In a thread of a group's own thread group, as Ratis does. */
  private static void run(Runnable work) throws InterruptedException {
    ThreadGroup group = new ThreadGroup(new RaftThreads("1.aa"), "1.aa@group");
    Thread thread = new Thread(group, work, "leader");
    thread.start();
    thread.join();
  }
}
