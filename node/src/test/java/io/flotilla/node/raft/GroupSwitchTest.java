package io.flotilla.node.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.flotilla.node.core.Applied;
import io.flotilla.node.core.Staging;
import io.flotilla.node.store.MemoryStore;
import io.flotilla.node.store.Table;
import io.flotilla.node.store.WriteBatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The switch to rebuilt rows, step by step, and what a restart in between makes of it. */
class GroupSwitchTest {

  private static final long GROUP = 1_000;
  private static final Applied AT = new Applied(3, 50);
  private static final byte[] KEY = {1};

  @TempDir Path groups;
  private Path current = Path.of("");
  private final MemoryStore store = new MemoryStore();
  private final List<String> heard = new ArrayList<>();
  private long logEnd = 20;
  private boolean leads;

  @BeforeEach
  void files() throws IOException {
    current = groups.resolve(GroupIds.toRatis(GROUP).getUuid().toString()).resolve("current");
    Files.createDirectories(current);
    for (String name : List.of("log_0-10", "log_11-15", "log_inprogress_16", "raft-meta")) {
      Files.write(current.resolve(name), new byte[100]);
    }
    put(store, new byte[] {1});
  }

  private static void put(MemoryStore store, byte[] value) {
    try (WriteBatch batch = store.newBatch()) {
      batch.put(Table.METADATA, KEY, value);
      AppliedRow.put(batch, GROUP, new Applied(2, 20), false);
      store.commit(batch);
    }
    store.flush();
  }

  private List<String> names() {
    try (Stream<Path> files = Files.list(current)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private GroupSwitch groupSwitch(MemoryStore on) {
    return new GroupSwitch(on, groups, new Division(), new Heard());
  }

  private final class Division implements GroupSwitch.Divisions {
    @Override
    public void follow(long group) {
      if (leads) {
        throw new GroupSource.GroupSourceException("leads");
      }
    }

    @Override
    public void check(long group, Applied at) {}

    @Override
    public GroupSwitch.Closed close(long group) {
      heard.add("closed");
      return new GroupSwitch.Closed(logEnd, () -> heard.add("opened on " + names()));
    }
  }

  private final class Heard implements RaftListener {
    @Override
    public void leaderReady(long group, long term) {}

    @Override
    public void leaderChanged(long group) {}

    @Override
    public void rebuilding(long group) {
      heard.add("rebuilding");
    }

    @Override
    public void rebuilt(long group) {
      heard.add("rebuilt");
    }

    @Override
    public void fatal(String what, Throwable cause) {
      heard.add("fatal");
    }
  }

  /** One row. */
  private record OneRow(boolean broken) implements Staging {
    @Override
    public void clear() {}

    @Override
    public void add(Table table, long partition, ByteString block) {}

    @Override
    public void moveIn(WriteBatch batch) {
      if (broken) {
        throw new IllegalStateException("broken");
      }
      batch.put(Table.METADATA, KEY, new byte[] {2});
    }
  }

  @Test
  void aLogThatIsOlderThanTheRowsIsGoneBeforeTheGroupOpens() {
    groupSwitch(store).run(GROUP, AT, new OneRow(false));

    assertThat(heard).containsExactly("rebuilding", "closed", "opened on [raft-meta]", "rebuilt");
    MemoryStore after = store.crash();
    assertThat(after.get(Table.METADATA, KEY)).containsExactly(2);
    assertThat(AppliedRow.of(after, GROUP)).isEqualTo(AT);
    assertThat(AppliedRow.discardsLog(after, GROUP)).isFalse();
  }

  @Test
  void aLogThatReachesBeyondTheRowsIsKeptBecauseTheLeaderMayCountOnIt() {
    logEnd = 51;
    groupSwitch(store).run(GROUP, AT, new OneRow(false));

    assertThat(names()).contains("log_0-10", "log_11-15", "log_inprogress_16");
    assertThat(AppliedRow.discardsLog(store, GROUP)).isFalse();
  }

  @Test
  void aRestartBetweenTheRowsAndTheLogDoesTheRest() {
    try (WriteBatch batch = store.newBatch()) {
      AppliedRow.put(batch, GROUP, AT, true);
      store.commit(batch);
    }
    GroupSwitch.finish(store, groups);

    assertThat(names()).containsExactly("raft-meta");
    assertThat(AppliedRow.discardsLog(store.crash(), GROUP)).isFalse();
    assertThat(AppliedRow.of(store.crash(), GROUP)).isEqualTo(AT);

    GroupSwitch.finish(store, groups);
    assertThat(names()).containsExactly("raft-meta");
  }

  @Test
  void aReplicaThatLeadsIsLeftAloneAndAFaultInTheMiddleEndsTheProcess() {
    leads = true;
    assertThatThrownBy(() -> groupSwitch(store).run(GROUP, AT, new OneRow(false)))
        .isInstanceOf(GroupSource.GroupSourceException.class);
    assertThat(heard).isEmpty();

    leads = false;
    assertThatThrownBy(() -> groupSwitch(store).run(GROUP, AT, new OneRow(true)))
        .hasMessage("broken");
    assertThat(heard).containsExactly("rebuilding", "closed", "fatal", "rebuilt");
    assertThat(store.get(Table.METADATA, KEY)).containsExactly(1);
    assertThat(names()).hasSize(4);
  }

  @Test
  void theNewestFilesOfALogAreKept() throws IOException {
    assertThat(LogFiles.lastBehind(current, 0)).isEqualTo(15);
    assertThat(LogFiles.lastBehind(current, 100)).isEqualTo(15);
    assertThat(LogFiles.lastBehind(current, 101)).isEqualTo(10);
    assertThat(LogFiles.lastBehind(current, 201)).isNegative();
  }
}
