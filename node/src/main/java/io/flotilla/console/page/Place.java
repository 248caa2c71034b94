package io.flotilla.console.page;

import io.flotilla.client.ClusterDescription;
import io.flotilla.client.NodeDescription;
import io.flotilla.client.NodeDescription.Doings;
import io.flotilla.client.NodeDescription.Load;
import io.flotilla.console.watch.Sample;
import java.util.List;

/**
 * Who serves a page, and who else would; with each answer.
 *
 * @param node the node
 * @param version of its software
 * @param actions whether anything may be changed here
 * @param others the other nodes, as many as fit into a line
 * @param more how many others there are beside
 */
public record Place(int node, String version, boolean actions, List<Other> others, int more) {

  private static final int OTHERS_MAX = 16;

  /**
   * Another node.
   *
   * @param at where its console is, as host:port; empty: see why
   * @param why why there is no way to it, in a few words; empty: there is
   */
  public record Other(int node, String at, String why) {}

  /** Seen by the node that serves. */
  public Place seenIn(ClusterDescription cluster) {
    String here =
        cluster.nodes().stream()
            .filter(each -> each.nodeId() == node)
            .map(NodeDescription::host)
            .findFirst()
            .orElse("");
    List<Other> all =
        cluster.nodes().stream()
            .filter(each -> each.nodeId() != node)
            .map(each -> other(each, here))
            .toList();
    List<Other> told = all.subList(0, Math.min(OTHERS_MAX, all.size()));
    return new Place(node, version, actions, told, all.size() - told.size());
  }

  private static Other other(NodeDescription node, String here) {
    Load load = node.load();
    Doings doings = load == null ? null : load.doings();
    if (!Sample.up(node)) {
      return new Other(node.nodeId(), "", "does not answer");
    }
    if (doings == null) {
      return new Other(node.nodeId(), "", "did not tell where its console is");
    }
    String at = doings.consoleAddress();
    if (at.isEmpty()) {
      return new Other(node.nodeId(), "", "has no console");
    }
    // From another machine's loopback there is nothing to be had.
    return loopback(at) && !node.host().equals(here)
        ? new Other(node.nodeId(), "", "has its console for its own machine alone")
        : new Other(node.nodeId(), at, "");
  }

  private static boolean loopback(String at) {
    return at.startsWith("127.") || at.startsWith("localhost:") || at.startsWith("[::1]:");
  }
}
