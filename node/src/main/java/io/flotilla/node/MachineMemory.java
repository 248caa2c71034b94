package io.flotilla.node;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.OperatingSystemMXBean;
import com.sun.management.UnixOperatingSystemMXBean;
import io.flotilla.node.config.MemoryPlan.Machine;
import java.lang.management.ManagementFactory;

/** Asks Java how much memory there is; in a container that is the container's. Stateless. */
final class MachineMemory {

  private static final int UNKNOWN = -1;

  private MachineMemory() {}

  static Machine measure() {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    long heap = Runtime.getRuntime().maxMemory();
    long direct =
        Long.parseLong(
            ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                .getVMOption("MaxDirectMemorySize")
                .getValue());
    // Not set means as much as the heap.
    return new Machine(
        system.getTotalMemorySize(),
        heap,
        direct == 0 ? heap : direct,
        Runtime.getRuntime().availableProcessors(),
        system instanceof UnixOperatingSystemMXBean unix
            ? unix.getMaxFileDescriptorCount()
            : UNKNOWN);
  }
}
