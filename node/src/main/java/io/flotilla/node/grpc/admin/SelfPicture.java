package io.flotilla.node.grpc.admin;

import com.sun.management.UnixOperatingSystemMXBean;
import io.flotilla.node.config.PartitionConfig;
import io.flotilla.node.disk.DiskStatus;
import io.flotilla.node.router.Router;
import io.flotilla.proto.internal.v1.DescribeReplicasResponse;
import io.flotilla.proto.internal.v1.NodeDisk;
import java.lang.management.ManagementFactory;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What this node tells of itself: its replicas, disk, clock, limits, elections, as of now. Safe.
 */
public final class SelfPicture {

  private final Router router;
  private final Supplier<DiskStatus> disk;
  private final PartitionConfig limits;
  private final NodeFacts facts;
  private final LongSupplier clockMs;

  /**
   * @param limits as they are on this machine
   * @param facts what others are told of it beside
   * @param clockMs this node's clock, in milliseconds since 1970
   */
  public SelfPicture(
      Router router,
      Supplier<DiskStatus> disk,
      PartitionConfig limits,
      NodeFacts facts,
      LongSupplier clockMs) {
    this.router = router;
    this.disk = disk;
    this.limits = limits;
    this.facts = facts;
    this.clockMs = clockMs;
  }

  DescribeReplicasResponse replicas() {
    DescribeReplicasResponse.Builder picture =
        DescribeReplicasResponse.newBuilder()
            .addAllReplicas(Replicas.here(router.image(), router.nodeId(), router.replicas()))
            .setDisk(disk())
            .setGroupMax(limits.groupsMax())
            .setReplicaMax(limits.maxPerNode())
            .setElections(facts.elections().getAsLong())
            .setLeaderships(facts.leaderships().getAsLong())
            .setConsoleAddress(facts.consoleAddress());
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) {
      picture
          .setOpenFiles(unix.getOpenFileDescriptorCount())
          .setOpenFilesMax(unix.getMaxFileDescriptorCount());
    }
    return picture.setTimeUnixMs(clockMs()).build();
  }

  NodeDisk disk() {
    return Pictures.disk(disk.get());
  }

  long clockMs() {
    return clockMs.getAsLong();
  }
}
