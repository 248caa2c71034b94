package io.flotilla.node.grpc.admin;

import io.flotilla.node.controller.Controller;
import io.flotilla.node.core.metadata.GroupInfo;
import io.flotilla.node.core.metadata.MetadataImage;
import io.flotilla.node.core.metadata.TopicInfo;
import io.flotilla.node.grpc.call.CallScope;
import io.flotilla.node.model.PartitionId;
import io.flotilla.node.router.Router;
import io.flotilla.proto.state.v1.PreferLeader;
import io.flotilla.proto.v1.MoveLeaderRequest;
import io.flotilla.proto.v1.MoveLeaderResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One MoveLeader: the metadata's leader keeps who is preferred, which every node's balancer goes
 * by, and this node's picture tells when it has come true. Repeating it does no harm.
 */
record MoveLeaderCall(
    Router router,
    Controller controller,
    MetadataLeaderCalls leader,
    ImageWait images,
    CallScope scope) {

  private static final Duration LEADS_WAIT_MAX = Duration.ofSeconds(10);

  /**
   * @param exact with the topic's id
   */
  CompletableFuture<MoveLeaderResponse> run(MoveLeaderRequest exact) {
    int topicId = Math.toIntExact(exact.getTopicId());
    TopicInfo topic = router.topic(exact.getTopic(), topicId);
    PartitionId id = router.partition(topic, exact.getPartition());
    GroupInfo now = group(router.image(), id);
    if (now != null) {
      now.peerOn(exact.getNodeId()); // Or it is refused.
    }
    PreferLeader change =
        PreferLeader.newBuilder()
            .setTopic(exact.getTopic())
            .setTopicId(topicId)
            .setPartition(exact.getPartition())
            .setNodeId(exact.getNodeId())
            .build();
    CompletableFuture<MoveLeaderResponse> kept =
        leader.run(
            scope,
            () ->
                controller
                    .preferLeader(change, exact.getValidateOnly())
                    .thenApply(MetadataLeaderCalls::accepted)
                    .thenApply(done -> answer(id, exact.getNodeId())),
            stub -> stub.moveLeader(exact));
    if (exact.getValidateOnly() || scope.direct()) {
      return kept;
    }
    return kept.thenCompose(done -> leader.seen(scope)) // What this node shows may be older.
        .thenCompose(seen -> images.until(image -> leads(image, id, exact.getNodeId()), patience()))
        .thenApply(shown -> answer(id, exact.getNodeId()));
  }

  private Duration patience() {
    Duration half = scope.left().dividedBy(2);
    return half.compareTo(LEADS_WAIT_MAX) < 0 ? half : LEADS_WAIT_MAX;
  }

  private MoveLeaderResponse answer(PartitionId id, int node) {
    MetadataImage image = router.image();
    MoveLeaderResponse.Builder answer =
        MoveLeaderResponse.newBuilder().setLeads(leads(image, id, node));
    GroupInfo group = group(image, id);
    if (group != null) {
      group.partitions().stream()
          .filter(each -> each.topicId() == id.topicId())
          .map(PartitionId::partition)
          .sorted()
          .forEach(answer::addPartitions);
    }
    return answer.build();
  }

  private static boolean leads(MetadataImage image, PartitionId id, int node) {
    GroupInfo group = group(image, id);
    return group != null && group.leaderNode() == node;
  }

  private static @Nullable GroupInfo group(MetadataImage image, PartitionId id) {
    TopicInfo topic = image.topic(id.topicId());
    return topic == null ? null : image.groups().get(topic.groups().get(id.partition()));
  }
}
