package io.flotilla.node.grpc.verify;

import io.flotilla.proto.v1.ReplicaVerdict;
import io.flotilla.proto.v1.ReplicaVerification;
import java.util.ArrayList;
import java.util.List;

/**
 * What follows from a comparison of a partition's replicas. A checksum that fails speaks for
 * itself; between replicas whose checksums hold, only most of all replicas are right, those that
 * could not be asked included.
 *
 * @param right nodes from which a replica may be rebuilt, the best one first
 * @param repairable replicas that are wrong, and to be rebuilt from those
 * @param hopeless replicas that are wrong, or may be, where nobody can say what is right
 */
record Findings(
    List<Integer> right, List<ReplicaVerification> repairable, List<ReplicaVerification> hopeless) {

  /**
   * @param self this node, whose replica is the best one: where it leads it has applied the most
   */
  static Findings of(List<ReplicaVerification> replicas, int self) {
    List<Integer> right = new ArrayList<>();
    for (ReplicaVerification replica : replicas) {
      if (replica.getVerdict() == ReplicaVerdict.REPLICA_VERDICT_EQUAL) {
        right.add(replica.getNodeId() == self ? 0 : right.size(), replica.getNodeId());
      }
    }
    boolean most = 2 * right.size() > replicas.size();
    List<ReplicaVerification> repairable = new ArrayList<>();
    List<ReplicaVerification> hopeless = new ArrayList<>();
    for (ReplicaVerification replica : replicas) {
      if (replica.getVerdict() == ReplicaVerdict.REPLICA_VERDICT_CORRUPT) {
        (right.isEmpty() ? hopeless : repairable).add(replica);
      } else if (replica.getVerdict() == ReplicaVerdict.REPLICA_VERDICT_DIFFERENT) {
        (most ? repairable : hopeless).add(replica);
      }
    }
    return new Findings(right, repairable, hopeless);
  }

  boolean sound() {
    return repairable.isEmpty() && hopeless.isEmpty();
  }
}
