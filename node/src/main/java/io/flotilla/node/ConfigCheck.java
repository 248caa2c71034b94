package io.flotilla.node;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.flotilla.node.config.ClusterNode;
import io.flotilla.node.config.ConfigException;
import io.flotilla.node.config.ConfigLoader;
import io.flotilla.node.config.ConfigLoader.Given;
import io.flotilla.node.config.ConfigLoader.Loaded;
import io.flotilla.node.config.MemoryPlan;
import io.flotilla.node.config.MemoryPlan.Machine;
import io.flotilla.node.config.NodeConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a start would find in a node's configuration, without a start: no port is opened, and no
 * file but the configuration is looked at. Answers in JSON, since the command line, which asks,
 * shares no class with the node. Stateless.
 */
public final class ConfigCheck {

  private record Unusable(List<String> faults) {}

  private record Usable(
      int node,
      String dir,
      String rack,
      List<String> nodes,
      List<Given> settings,
      Memory memory,
      List<String> warnings) {}

  private record Memory(
      long totalBytes,
      long heapBytes,
      long directBytes,
      long storeBytes,
      long writeBufferBytes,
      long raftCacheBytes,
      int groupsMax,
      int openFilesMax) {

    static Memory of(MemoryPlan plan) {
      Machine machine = plan.machine();
      return new Memory(
          machine.totalBytes(),
          machine.heapBytes(),
          machine.directBytes(),
          plan.store(),
          plan.writeBuffers(),
          plan.raftCache(),
          plan.groupsMax(),
          plan.openFilesMax());
    }
  }

  private ConfigCheck() {}

  /** {@code {"faults": [...]}}, or what the node would be, with the memory of this machine. */
  public static String check(Path file, Map<String, String> environment)
      throws JsonProcessingException {
    return new JsonMapper().writeValueAsString(answer(file, environment));
  }

  private static Record answer(Path file, Map<String, String> environment) {
    Loaded loaded;
    try {
      loaded = ConfigLoader.read(file, environment);
    } catch (ConfigException e) {
      return new Unusable(e.faults());
    }
    NodeConfig config = loaded.config();
    MemoryPlan memory = MemoryPlan.of(config, MachineMemory.measure());
    return new Usable(
        config.id(),
        config.dir().toString(),
        config.rack(),
        config.nodes().stream().map(ClusterNode::toString).toList(),
        loaded.given(),
        Memory.of(memory),
        memory.warnings(config));
  }
}
