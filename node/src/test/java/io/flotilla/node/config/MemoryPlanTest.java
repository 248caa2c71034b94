package io.flotilla.node.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.node.config.MemoryPlan.Machine;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemoryPlanTest {

  private static final long MIB = 1 << 20;
  private static final long GIB = 1 << 30;
  private static final Machine ROOMY = new Machine(24 * GIB, 512 * MIB, 512 * MIB, 2, 65_536);

  @Test
  void everythingIsDerivedFromTheMachine() {
    MemoryPlan plan = MemoryPlan.of(node(MemoryConfig.defaults()), ROOMY);

    assertThat(plan)
        .hasToString(
            "total=24576MiB heap=512MiB direct=512MiB store=384MiB write-buffers=128MiB"
                + " raft-cache=128MiB groups-max=210 store-files-max=512");
  }

  @Test
  void aSmallContainerIsGivenTheLeastThatWorksAndAWarning() {
    NodeConfig node = node(MemoryConfig.defaults());
    MemoryPlan plan = MemoryPlan.of(node, new Machine(GIB, 512 * MIB, 512 * MIB, 2, 1024));

    assertThat(plan.store()).isEqualTo(96 * MIB);
    assertThat(plan.writeBuffers()).isEqualTo(48 * MIB);
    assertThat(plan.warnings(node))
        .anyMatch(warning -> warning.contains("may grow to 1376MiB, but there are 1024MiB"))
        .anyMatch(warning -> warning.contains("1932 files may be open, but the limit is 1024"));
  }

  /** Heap and direct memory as docker/entrypoint gives them: 30 % of the limit each. */
  @ParameterizedTest
  @CsvSource({
    "1, 96, 48", // The least that works.
    "2, 153, 76",
    "4, 307, 128", // Write buffers do not grow on: they are what a crash has replayed.
    "8, 614, 128",
    "16, 1228, 128",
    "32, 2048, 128",
    "128, 2048, 128"
  })
  void theStoreGrowsWithAContainerAndLeavesTheRestToThePageCache(
      int gib, long store, long writeBuffers) {
    NodeConfig node = node(MemoryConfig.defaults());
    Machine machine = container(gib * GIB);
    MemoryPlan plan = MemoryPlan.of(node, machine);

    assertThat(plan.store() / MIB).isEqualTo(store);
    assertThat(plan.writeBuffers() / MIB).isEqualTo(writeBuffers);
    assertThat(plan.warnings(node)).isEmpty();
    long planned = machine.heapBytes() + machine.directBytes() + plan.store() + 256 * MIB;
    assertThat(machine.totalBytes() - planned)
        .as("for the page cache: a sixth at least, and of the smallest something")
        .isGreaterThan(gib == 1 ? 48 * MIB : machine.totalBytes() / 6);
  }

  @ParameterizedTest
  @CsvSource({"1, 76", "2, 153", "4, 256", "32, 256"})
  void publishersMayHaveAsMuchUnderWayAsTheHeapBears(int gib, long mib) {
    NodeConfig node = node(MemoryConfig.defaults());
    GrpcConfig grpc = MemoryPlan.of(node, container(gib * GIB)).grpc(node);
    assertThat(grpc.publishBytesMax() / MIB).isEqualTo(mib);
    assertThat(grpc.validate()).isEmpty();
  }

  @Test
  void aDerivedStoreFitsBesideTheRestUnlessNothingWould() {
    for (long total = 256; total <= 1 << 20; total *= 2) {
      for (long heap = 64; heap <= total; heap *= 2) {
        for (long direct = 64; direct <= total; direct *= 2) {
          Machine machine = new Machine(total * MIB, heap * MIB, direct * MIB, 2, 65_536);
          long left = total - heap - direct - 256;
          assertThat(MemoryPlan.of(node(MemoryConfig.defaults()), machine).store() / MIB)
              .as("of %s", machine)
              .isBetween(96L, Math.max(96, Math.min(left, 2048)));
        }
      }
    }
  }

  /** A developer's machine: three nodes of it are not to take all of it. */
  @Test
  void aHeapThatNobodyChoseLeavesTheStoreItsShareOfTheMachine() {
    for (long gib : new long[] {4, 8, 16, 24, 64}) {
      Machine machine = new Machine(gib * GIB, 512 * MIB, 512 * MIB, 2, 65_536);
      assertThat(MemoryPlan.of(node(MemoryConfig.defaults()), machine).store())
          .isEqualTo(Math.max(128 * MIB, Math.min(gib * GIB / 64, 512 * MIB)));
    }
  }

  private static Machine container(long limit) {
    long share = limit * 30 / 100 / MIB * MIB;
    return new Machine(limit, share, share, 2, 65_536);
  }

  @Test
  void whatIsConfiguredHolds() {
    MemoryConfig memory = new MemoryConfig(200 * MIB, 100 * MIB, 50 * MIB, 300);
    MemoryPlan plan = MemoryPlan.of(node(memory), ROOMY);

    assertThat(plan.store()).isEqualTo(200 * MIB);
    assertThat(plan.writeBuffers()).isEqualTo(100 * MIB);
    assertThat(plan.raftCache()).isEqualTo(50 * MIB);
    assertThat(plan.openFilesMax()).isEqualTo(300);
  }

  @Test
  void directMemoryBoundsTheGroups() {
    NodeConfig node = node(MemoryConfig.defaults());
    MemoryPlan plan = MemoryPlan.of(node, new Machine(24 * GIB, 4 * GIB, 4 * GIB, 2, 65_536));

    assertThat(plan.groupsMax()).isEqualTo(1000);
    assertThat(plan.warnings(node)).isEmpty();
    assertThat(MemoryPlan.of(node, ROOMY).groupsMax()).isEqualTo(210);
    assertThat(MemoryPlan.of(node, ROOMY).warnings(node)).isEmpty();
  }

  @Test
  void aHeapThatItsUsersWouldFillIsWarnedOf() {
    NodeConfig node = node(MemoryConfig.defaults());
    MemoryPlan plan = MemoryPlan.of(node, new Machine(24 * GIB, 64 * MIB, 4 * GIB, 2, 65_536));

    assertThat(plan.warnings(node)).anyMatch(warning -> warning.contains("of a heap of 64MiB"));
  }

  @Test
  void valuesThatCannotWorkAreFaults() {
    assertThat(new MemoryConfig(3 * MIB, 4 * MIB, 1, 1).validate())
        .containsExactly(
            "memory.write-buffers must not be above memory.store",
            "memory.raft-cache must be 0 or at least 4MiB",
            "memory.open-files-max must be 0 or at least 64");
  }

  private static NodeConfig node(MemoryConfig memory) {
    return new NodeConfig(
        1,
        Path.of("data"),
        "",
        List.of(new ClusterNode(1, "a", 9095, 9097)),
        NodeConfig.BATCH_BYTES_MAX_DEFAULT,
        GrpcConfig.defaults(),
        RaftConfig.defaults(),
        PartitionConfig.defaults(),
        TopicConfig.defaults(),
        memory,
        DiskConfig.defaults(),
        HttpConfig.defaults(),
        GroupsConfig.defaults(),
        MetricsConfig.defaults(),
        TracingConfig.defaults());
  }
}
