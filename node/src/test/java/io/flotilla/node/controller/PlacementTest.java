package io.flotilla.node.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.node.core.metadata.MetadataImage;
import io.flotilla.node.core.metadata.NodeInfo;
import io.flotilla.node.model.NodeIdentity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PlacementTest {

  private static Placement over(String... racks) {
    List<NodeInfo> nodes = new ArrayList<>();
    for (int i = 0; i < racks.length; i++) {
      nodes.add(new NodeInfo(i + 1, "aa", "h", 1, 2, racks[i], "1"));
    }
    return new Placement(MetadataImage.EMPTY, nodes);
  }

  @Test
  void replicasAndPreferredLeadersAreSpreadEvenly() {
    Placement placement = over("", "", "", "", "");
    Map<Integer, Integer> replicas = new TreeMap<>();
    Map<Integer, Integer> leaders = new TreeMap<>();

    for (int i = 0; i < 50; i++) {
      List<String> peers = placement.next(3, 1).getPeersList();
      assertThat(peers).doesNotHaveDuplicates().hasSize(3);
      leaders.merge(NodeIdentity.nodeIdOf(peers.get(0)), 1, Integer::sum);
      peers.forEach(p -> replicas.merge(NodeIdentity.nodeIdOf(p), 1, Integer::sum));
    }

    assertThat(replicas.values()).allMatch(count -> count == 30);
    assertThat(leaders.values()).allMatch(count -> count >= 9 && count <= 11);
    assertThat(placement.mostReplicas()).isEqualTo(30);
  }

  @Test
  void aRackIsUsedTwiceOnlyWhenNoOtherIsFree() {
    Placement placement = over("a", "a", "b", "b", "c");

    for (int i = 0; i < 20; i++) {
      List<String> racks =
          placement.next(3, 1).getPeersList().stream()
              .map(p -> "aabbc".substring(NodeIdentity.nodeIdOf(p) - 1, NodeIdentity.nodeIdOf(p)))
              .toList();
      assertThat(racks).containsExactlyInAnyOrder("a", "b", "c");
    }
    assertThat(placement.next(4, 1).getPeersList()).hasSize(4).doesNotHaveDuplicates();
  }

  @Test
  void partitionsHaveGroupsOfTheirOwnUntilTheBudgetIsUsedUpAndShareThemThen() {
    Placement placement = over("", "", "");

    assertThat(placement.groupsFor(6, 3, 32)).isEqualTo(6);
    assertThat(placement.groupsFor(32, 3, 32)).isEqualTo(32);
    assertThat(placement.groupsFor(33, 3, 32)).as("as many to lead for each node").isEqualTo(30);
    assertThat(placement.groupsFor(1000, 1, 32)).as("a single replica each").isEqualTo(96);

    for (int i = 0; i < 30; i++) {
      placement.next(3, 33);
    }
    assertThat(placement.mostGroups()).isEqualTo(30);
    assertThat(placement.mostReplicas()).isEqualTo(30 * 33);
    assertThat(placement.groupsFor(2, 3, 32)).isEqualTo(2);
    assertThat(placement.groupsFor(1000, 3, 32)).as("one to lead for each node").isEqualTo(3);
    assertThat(placement.groupsFor(1, 3, 32)).isEqualTo(1);
  }

  @Test
  void loadIsCountedInPartitions() {
    Placement placement = over("", "", "", "");
    List<String> large = placement.next(1, 100).getPeersList();

    for (int i = 0; i < 30; i++) {
      assertThat(placement.next(3, 1).getPeersList()).doesNotContainAnyElementsOf(large);
    }
  }
}
