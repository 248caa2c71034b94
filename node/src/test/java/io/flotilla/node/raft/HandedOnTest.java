package io.flotilla.node.raft;

import static io.flotilla.node.raft.RaftNodes.GROUP;
import static io.flotilla.node.raft.RaftNodes.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Leadership that is handed on, as when a node restarts or a leader goes home, leaves nobody in
 * doubt. Ratis answers all that was under way with "not leader", committed or not: the proposer
 * used to hear that the outcome is not known, and whoever publishes without a producer id could not
 * try again without the risk of writing twice.
 */
class HandedOnTest {

  private static final int TRANSFERS = 10;
  private static final int ENTRIES = 30;

  /** So that entries are on all logs and not yet applied when leadership goes. */
  private static final Duration APPLY_TAKES = Duration.ofMillis(2);

  @TempDir Path folder;

  @Test
  void everyEntryUnderWayIsEitherCountedOnceOrSurelyNot() throws Exception {
    try (RaftNodes nodes = new RaftNodes(folder, 3, APPLY_TAKES)) {
      long counted = nodes.count();
      int done = 0;
      while (done < TRANSFERS) {
        int id = nodes.leader();
        Replica leader = Objects.requireNonNull(nodes.node(id).host.replica(GROUP));
        List<CompletableFuture<ByteString>> entries = new ArrayList<>();
        for (int i = 0; i < ENTRIES; i++) {
          entries.add(leader.propose(ByteString.copyFromUtf8("one more")));
        }
        CompletableFuture<Boolean> handedOn = leader.transferLeadership(id % 3 + 1 + ".aa");
        for (CompletableFuture<ByteString> entry : entries) {
          counted += counted(entry) ? 1 : 0;
        }
        done += handedOn.get(SOON.toSeconds(), TimeUnit.SECONDS) ? 1 : 0;
      }
      assertThat(nodes.count()).isEqualTo(counted + 1);
    }
  }

  private static boolean counted(CompletableFuture<ByteString> entry) throws Exception {
    try {
      entry.get(SOON.toSeconds(), TimeUnit.SECONDS);
      return true;
    } catch (ExecutionException e) {
      assertThat(e.getCause())
          .isInstanceOfSatisfying(
              ProposalException.class,
              why -> assertThat(why.kind()).isNotEqualTo(ProposalException.Kind.UNKNOWN));
      return false;
    }
  }
}
