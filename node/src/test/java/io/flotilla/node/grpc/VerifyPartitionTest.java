package io.flotilla.node.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.proto.internal.v1.DigestReplicaRequest;
import io.flotilla.proto.internal.v1.PeerServiceGrpc;
import io.flotilla.proto.internal.v1.RebuildReplicaRequest;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.v1.ReplicaVerdict;
import io.flotilla.proto.v1.ReplicaVerification;
import io.flotilla.proto.v1.Topic;
import io.flotilla.proto.v1.VerifyPartitionRequest;
import io.flotilla.proto.v1.VerifyPartitionResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Any node compares the replicas of a partition, its own or not. */
class VerifyPartitionTest extends ClusterFixture {

  private static List<VerifyPartitionResponse> verify(int node, String topic, int partition) {
    List<VerifyPartitionResponse> answers = new ArrayList<>();
    admin(node)
        .verifyPartition(
            VerifyPartitionRequest.newBuilder().setTopic(topic).setPartition(partition).build())
        .forEachRemaining(answers::add);
    return answers;
  }

  private static VerifyPartitionResponse result(List<VerifyPartitionResponse> answers) {
    return answers.get(answers.size() - 1);
  }

  @Test
  void threeReplicasAreComparedByAnyNode() {
    Topic topic = create(1, 3).getTopic();
    publish(1, topic, 0, "a", "b");
    publish(1, topic, 0, "c");

    for (int node = 1; node <= 3; node++) {
      VerifyPartitionResponse result = result(verify(node, topic.getName(), 0));
      assertThat(result.getEndOffset()).isEqualTo(3);
      assertThat(result.getReachedOffset()).isEqualTo(3);
      assertThat(result.getReplicasList())
          .hasSize(3)
          .allMatch(replica -> replica.getVerdict() == ReplicaVerdict.REPLICA_VERDICT_EQUAL)
          .allMatch(replica -> replica.getEvents() == 3 && replica.getBatches() == 2);
      assertThat(result.getReplicasList().stream().map(ReplicaVerification::getChain).distinct())
          .hasSize(1);
    }
  }

  @Test
  void aPartitionThatIsElsewhereIsCheckedToo() {
    Topic topic = topic();
    publish(1, topic, 1, "a");
    VerifyPartitionResponse result = result(verify(stranger(topic, 1), topic.getName(), 1));
    assertThat(result.getReplicasList()).hasSize(1);
    assertThat(result.getReplicas(0).getNodeId()).isEqualTo(leader(topic, 1));
    assertThat(result.getReplicas(0).getVerdict()).isEqualTo(ReplicaVerdict.REPLICA_VERDICT_EQUAL);
  }

  @Test
  void whatIsNotThereIsRefused() {
    Topic topic = topic();
    assertThat(refusal(() -> verify(1, "nowhere", 0)).reason())
        .isEqualTo(ErrorReason.ERROR_REASON_TOPIC_NOT_FOUND);
    assertThat(refusal(() -> verify(1, topic.getName(), 3)).reason())
        .isEqualTo(ErrorReason.ERROR_REASON_PARTITION_NOT_FOUND);
    assertThat(refusal(() -> verify(1, topic.getName(), -1)).reason())
        .isEqualTo(ErrorReason.ERROR_REASON_INVALID_ARGUMENT);
  }

  @Test
  void aPeerThatAsksForNonsenseIsRefused() {
    DigestReplicaRequest sane =
        DigestReplicaRequest.newBuilder()
            .setPartitionId(1L << 32)
            .setToOffset(1)
            .setBytesMax(1)
            .build();
    assertThat(digestRefusal(sane.toBuilder().setBytesMax(-1).build()))
        .isEqualTo(ErrorReason.ERROR_REASON_INVALID_ARGUMENT);
    assertThat(digestRefusal(sane.toBuilder().setBytesMax(Integer.MAX_VALUE).build()))
        .isEqualTo(ErrorReason.ERROR_REASON_INVALID_ARGUMENT);
    assertThat(digestRefusal(sane.toBuilder().setPartitionId(-1).build()))
        .isEqualTo(ErrorReason.ERROR_REASON_INVALID_ARGUMENT);
    assertThat(digestRefusal(sane.toBuilder().setPartitionId(Long.MAX_VALUE).build()))
        .isEqualTo(ErrorReason.ERROR_REASON_INVALID_ARGUMENT);
    assertThat(digestRefusal(sane.toBuilder().setPartitionId(1_000_000L << 32).build()))
        .isEqualTo(ErrorReason.ERROR_REASON_PARTITION_NOT_FOUND);
  }

  private static ErrorReason digestRefusal(DigestReplicaRequest request) {
    var peer =
        PeerServiceGrpc.newBlockingStub(cluster.channel(1)).withDeadlineAfter(20, TimeUnit.SECONDS);
    return refusal(() -> peer.digestReplica(request)).reason();
  }

  @Test
  void aPeerThatWantsAReplicaRebuiltFromNowhereIsRefused() {
    Topic topic = create(1, 3).getTopic();
    RebuildReplicaRequest sane =
        RebuildReplicaRequest.newBuilder()
            .setPartitionId(topic.getTopicId() << 32)
            .addFromNodes(2)
            .build();
    assertThat(rebuildRefusal(sane.toBuilder().setPartitionId(-1).build()))
        .isEqualTo(ErrorReason.ERROR_REASON_INVALID_ARGUMENT);
    assertThat(rebuildRefusal(sane.toBuilder().setPartitionId(1_000_000L << 32).build()))
        .isEqualTo(ErrorReason.ERROR_REASON_PARTITION_NOT_FOUND);
    assertThat(rebuildRefusal(sane.toBuilder().clearFromNodes().build()))
        .isEqualTo(ErrorReason.ERROR_REASON_INVALID_ARGUMENT);
    assertThat(rebuildRefusal(sane.toBuilder().addFromNodes(1).build()))
        .isEqualTo(ErrorReason.ERROR_REASON_INVALID_ARGUMENT);
    assertThat(rebuildRefusal(sane.toBuilder().addFromNodes(9).build()))
        .isEqualTo(ErrorReason.ERROR_REASON_INVALID_ARGUMENT);
  }

  private static ErrorReason rebuildRefusal(RebuildReplicaRequest request) {
    var peer =
        PeerServiceGrpc.newBlockingStub(cluster.channel(1)).withDeadlineAfter(20, TimeUnit.SECONDS);
    return refusal(() -> peer.rebuildReplica(request)).reason();
  }
}
