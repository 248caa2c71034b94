package io.flotilla.node.grpc.admin;

import io.flotilla.node.controller.Controller;
import io.flotilla.node.core.metadata.MetadataImage;
import io.flotilla.node.core.metadata.SettingRules;
import io.flotilla.node.core.metadata.TopicInfo;
import io.flotilla.node.grpc.call.CallScope;
import io.flotilla.node.grpc.call.CallThreads;
import io.flotilla.node.grpc.call.OpenStreams;
import io.flotilla.node.grpc.call.UnaryAnswer;
import io.flotilla.node.grpc.verify.VerifyCall;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.model.TopicName;
import io.flotilla.node.router.Router;
import io.flotilla.proto.state.v1.AlterTopic;
import io.flotilla.proto.state.v1.MetadataOutcome;
import io.flotilla.proto.state.v1.TopicSettings;
import io.flotilla.proto.v1.AdminServiceGrpc;
import io.flotilla.proto.v1.AlterTopicRequest;
import io.flotilla.proto.v1.AlterTopicResponse;
import io.flotilla.proto.v1.CreateTopicRequest;
import io.flotilla.proto.v1.CreateTopicResponse;
import io.flotilla.proto.v1.DeleteTopicRequest;
import io.flotilla.proto.v1.DeleteTopicResponse;
import io.flotilla.proto.v1.DescribeTopicRequest;
import io.flotilla.proto.v1.DescribeTopicResponse;
import io.flotilla.proto.v1.ListTopicsRequest;
import io.flotilla.proto.v1.ListTopicsResponse;
import io.flotilla.proto.v1.MoveLeaderRequest;
import io.flotilla.proto.v1.MoveLeaderResponse;
import io.flotilla.proto.v1.Topic;
import io.flotilla.proto.v1.TrimPartitionRequest;
import io.flotilla.proto.v1.TrimPartitionResponse;
import io.flotilla.proto.v1.VerifyPartitionRequest;
import io.flotilla.proto.v1.VerifyPartitionResponse;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * The door for topics. Reads answer from this node's picture; changes run on the metadata's leader,
 * and answer when this node's picture shows them, so the caller sees what it did. Runs on
 * flotilla-call; safe.
 */
public final class AdminService extends AdminServiceGrpc.AdminServiceImplBase {

  private static final int REQUEST_ID_CHARS_MAX = 64;
  private static final Duration READY_WAIT_MAX = Duration.ofSeconds(10);

  private final Router router;
  private final Controller controller;
  private final TopicSettings defaults;
  private final CallThreads threads;
  private final OpenStreams streams;
  private final Executor verifications;
  private final MetadataLeaderCalls leader;
  private final ImageWait images;

  /**
   * @param defaults for what topics do not set
   */
  public AdminService(
      Router router,
      Controller controller,
      TopicSettings defaults,
      CallThreads threads,
      OpenStreams streams) {
    this.defaults = defaults;
    this.router = router;
    this.controller = controller;
    this.threads = threads;
    this.streams = streams;
    this.leader = new MetadataLeaderCalls(router, threads);
    this.images = new ImageWait(router, threads);
    this.verifications = VerifyCall.threads();
  }

  @Override
  public void createTopic(
      CreateTopicRequest request, StreamObserver<CreateTopicResponse> observer) {
    check(request);
    CallScope scope = CallScope.current();
    // With an id the change can be repeated after an unknown outcome without TOPIC_EXISTS.
    CreateTopicRequest repeatable =
        request.getRequestId().isEmpty() && !request.getValidateOnly()
            ? request.toBuilder().setRequestId(UUID.randomUUID().toString()).build()
            : request;
    CompletableFuture<CreateTopicResponse> created =
        leader.run(
            scope, () -> createHere(repeatable, scope), stub -> stub.createTopic(repeatable));
    CompletableFuture<CreateTopicResponse> seen =
        request.getValidateOnly() ? created : created.thenCompose(answer -> seen(answer, scope));
    UnaryAnswer.answer(observer, seen, scope, threads);
  }

  private static void check(CreateTopicRequest request) {
    TopicName.check(request.getTopic());
    if (request.getPartitions() < 0 || request.getPartitions() > Controller.PARTITIONS_MAX) {
      throw FlotillaException.invalid(
          "partitions must be 0 to "
              + Controller.PARTITIONS_MAX
              + ", were "
              + request.getPartitions());
    }
    int replicas = request.getReplicationFactor();
    if (replicas < 0 || replicas > Controller.REPLICATION_FACTOR_MAX) {
      throw FlotillaException.invalid(
          "replication_factor must be 0 to "
              + Controller.REPLICATION_FACTOR_MAX
              + ", was "
              + replicas);
    }
    if (request.getRequestId().length() > REQUEST_ID_CHARS_MAX) {
      throw FlotillaException.invalid(
          "request_id must have at most " + REQUEST_ID_CHARS_MAX + " characters");
    }
  }

  private CompletableFuture<CreateTopicResponse> createHere(
      CreateTopicRequest request, CallScope scope) {
    CompletableFuture<MetadataOutcome> outcome =
        controller
            .createTopic(
                request.getTopic(),
                request.getPartitions(),
                request.getReplicationFactor(),
                SettingPictures.kept(request.getSettings()),
                request.getRequestId(),
                request.getValidateOnly())
            .thenApply(MetadataLeaderCalls::accepted);
    return request.getValidateOnly()
        ? outcome.thenApply(valid -> wouldBe(request))
        : outcome.thenComposeAsync(
            done -> ready(Math.toIntExact(done.getTopicId()), scope), threads);
  }

  /** Waits for leaders, as long as the deadline allows. */
  private CompletableFuture<CreateTopicResponse> ready(int topicId, CallScope scope) {
    Duration left = scope.left();
    Duration wait = left.compareTo(READY_WAIT_MAX) < 0 ? left.dividedBy(2) : READY_WAIT_MAX;
    return images
        .until(
            image -> {
              TopicInfo topic = image.topic(topicId);
              return topic != null && Pictures.led(image, topic);
            },
            wait)
        .thenApply(led -> picture(topicId, led));
  }

  private CreateTopicResponse picture(int topicId, boolean ready) {
    MetadataImage image = router.image();
    TopicInfo topic = image.topic(topicId);
    Topic picture =
        topic == null
            ? Topic.newBuilder().setTopicId(topicId).build()
            : Pictures.full(image, topic, defaults);
    return CreateTopicResponse.newBuilder().setTopic(picture).setReady(ready).build();
  }

  private CreateTopicResponse wouldBe(CreateTopicRequest request) {
    int nodes = router.image().nodes().size();
    int replicas =
        request.getReplicationFactor() == 0 ? Math.min(3, nodes) : request.getReplicationFactor();
    return CreateTopicResponse.newBuilder()
        .setTopic(
            Topic.newBuilder()
                .setName(request.getTopic())
                .setPartitionCount(Math.max(1, request.getPartitions()))
                .setReplicationFactor(replicas)
                .setOwnSettings(request.getSettings())
                .setSettings(
                    SettingPictures.of(defaults).toBuilder().mergeFrom(request.getSettings())))
        .build();
  }

  @Override
  public void alterTopic(AlterTopicRequest request, StreamObserver<AlterTopicResponse> observer) {
    // By id, so that repeating it after an unknown outcome cannot alter a successor of that name.
    int topicId = idNow(request.getTopic(), request.getTopicId());
    AlterTopicRequest exact = request.toBuilder().setTopicId(topicId).build();
    AlterTopic change =
        AlterTopic.newBuilder()
            .setName(exact.getTopic())
            .setTopicId(topicId)
            .setSet(SettingPictures.kept(exact.getSet()))
            .addAllReset(exact.getResetList())
            .build();
    CallScope scope = CallScope.current();
    CompletableFuture<AlterTopicResponse> altered =
        leader.run(
            scope,
            () ->
                controller
                    .alterTopic(change, exact.getValidateOnly())
                    .thenApply(MetadataLeaderCalls::accepted)
                    .thenApply(done -> altered(topicId, change)),
            stub -> stub.alterTopic(exact));
    CompletableFuture<AlterTopicResponse> seen =
        request.getValidateOnly()
            ? altered
            : altered.thenCompose(
                answer ->
                    images
                        .until(image -> shows(image, topicId, change), scope.left())
                        .thenApply(shown -> answer));
    UnaryAnswer.answer(observer, seen, scope, threads);
  }

  /** Without an id the topic is meant that has the name now, not when this node last heard. */
  private int idNow(String topic, long id) {
    TopicName.check(topic);
    if (id == 0) {
      router.refresh();
    }
    return router.topic(topic, id).topicId();
  }

  /** Nothing is left to change; the topic may be gone, too. */
  private static boolean shows(MetadataImage image, int topicId, AlterTopic change) {
    TopicInfo topic = image.topic(topicId);
    return topic == null || SettingRules.altered(topic.settings(), change).equals(topic.settings());
  }

  /** The topic with its change, which this node's picture need not show yet. */
  private AlterTopicResponse altered(int topicId, AlterTopic change) {
    TopicInfo topic = router.image().topic(topicId);
    if (topic == null) {
      return AlterTopicResponse.newBuilder()
          .setTopic(Topic.newBuilder().setName(change.getName()).setTopicId(topicId))
          .build();
    }
    var own = SettingRules.altered(topic.settings(), change);
    var inForce = defaults.toBuilder().mergeFrom(own).build();
    return AlterTopicResponse.newBuilder()
        .setTopic(
            Pictures.brief(topic, defaults).toBuilder()
                .setOwnSettings(SettingPictures.of(own))
                .setSettings(SettingPictures.of(inForce)))
        .build();
  }

  @Override
  public void trimPartition(
      TrimPartitionRequest request, StreamObserver<TrimPartitionResponse> observer) {
    CallScope scope = CallScope.current();
    var trimmed = new TrimCall(router, request, scope, threads).run();
    UnaryAnswer.answer(observer, trimmed, scope, threads);
  }

  @Override
  public void moveLeader(MoveLeaderRequest request, StreamObserver<MoveLeaderResponse> observer) {
    // By id, so that repeating it cannot move a successor of that name.
    int topicId = idNow(request.getTopic(), request.getTopicId());
    CallScope scope = CallScope.current();
    var moved =
        new MoveLeaderCall(router, controller, leader, images, scope)
            .run(request.toBuilder().setTopicId(topicId).build());
    UnaryAnswer.answer(observer, moved, scope, threads);
  }

  private CompletableFuture<CreateTopicResponse> seen(CreateTopicResponse answer, CallScope scope) {
    int topicId = Math.toIntExact(answer.getTopic().getTopicId());
    return images
        .until(
            image -> {
              TopicInfo topic = image.topic(topicId);
              return topic != null && (!answer.getReady() || Pictures.led(image, topic));
            },
            scope.left().dividedBy(2))
        .thenApply(shown -> answer);
  }

  @Override
  public void listTopics(ListTopicsRequest request, StreamObserver<ListTopicsResponse> observer) {
    observer.onNext(TopicPages.page(router.wholeImage(), request, defaults));
    observer.onCompleted();
  }

  @Override
  public void describeTopic(
      DescribeTopicRequest request, StreamObserver<DescribeTopicResponse> observer) {
    TopicInfo topic = router.topic(request.getTopic(), 0);
    observer.onNext(
        DescribeTopicResponse.newBuilder()
            .setTopic(Pictures.full(router.image(), topic, defaults))
            .build());
    observer.onCompleted();
  }

  @Override
  public void deleteTopic(
      DeleteTopicRequest request, StreamObserver<DeleteTopicResponse> observer) {
    // By id, so that repeating it after an unknown outcome cannot delete a successor of that name.
    int topicId = idNow(request.getTopic(), request.getTopicId());
    DeleteTopicRequest exact = request.toBuilder().setTopicId(topicId).build();
    DeleteTopicResponse gone = DeleteTopicResponse.newBuilder().setTopicId(topicId).build();
    CallScope scope = CallScope.current();
    CompletableFuture<DeleteTopicResponse> deleted =
        leader.run(
            scope,
            () ->
                controller
                    .deleteTopic(exact.getTopic(), topicId, exact.getValidateOnly())
                    .thenApply(MetadataLeaderCalls::accepted)
                    .thenApply(done -> gone),
            stub -> stub.deleteTopic(exact));
    CompletableFuture<DeleteTopicResponse> seen =
        request.getValidateOnly()
            ? deleted
            : deleted.thenCompose(
                done ->
                    images
                        .until(image -> image.topic(topicId) == null, scope.left())
                        .thenApply(shown -> done));
    UnaryAnswer.answer(observer, seen, scope, threads);
  }

  @Override
  public void verifyPartition(
      VerifyPartitionRequest request, StreamObserver<VerifyPartitionResponse> observer) {
    new VerifyCall(
            request, router, threads, (ServerCallStreamObserver<VerifyPartitionResponse>) observer)
        .begin(verifications, streams);
  }
}
