package io.flotilla.node.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.node.batch.BatchCodec;
import io.flotilla.proto.types.v1.Compression;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.types.v1.EventList;
import io.flotilla.proto.v1.OpenPublish;
import io.flotilla.proto.v1.ProducerServiceGrpc;
import io.flotilla.proto.v1.PublishBatch;
import io.flotilla.proto.v1.PublishStreamRequest;
import io.flotilla.proto.v1.PublishStreamResponse;
import io.flotilla.proto.v1.Topic;
import io.grpc.stub.StreamObserver;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Publish streams, through nodes that lead some partitions and pass on the others. */
class PublishStreamTest extends ClusterFixture {

  private static PublishBatch batch(Topic topic, int partition, long id, int sequence) {
    return PublishBatch.newBuilder()
        .setBatchId(id)
        .setTopic(topic.getName())
        .setPartition(partition)
        .setFirstSequence(sequence)
        .setEvents(EventList.newBuilder().addEvents(event("batch " + id)))
        .build();
  }

  private static StreamObserver<PublishStreamRequest> publishing(
      int node, Answers<PublishStreamRequest, PublishStreamResponse> answers) {
    var stream = ProducerServiceGrpc.newStub(cluster.channel(node)).publishStream(answers);
    stream.onNext(
        PublishStreamRequest.newBuilder().setOpen(OpenPublish.getDefaultInstance()).build());
    assertThat(answers.await(1).get(0).hasOpened()).isTrue();
    return stream;
  }

  private static void send(StreamObserver<PublishStreamRequest> stream, PublishBatch batch) {
    stream.onNext(PublishStreamRequest.newBuilder().setBatch(batch).build());
  }

  @Test
  void batchesForEveryPartitionAreAckedInOrder() {
    Topic topic = topic();
    Answers<PublishStreamRequest, PublishStreamResponse> answers = new Answers<>();
    var stream = publishing(1, answers);

    for (int i = 0; i < 60; i++) {
      send(stream, batch(topic, i % 3, i, i / 3));
    }
    stream.onCompleted();

    List<PublishStreamResponse> seen = answers.awaitEnd();
    assertThat(answers.refusal()).isNull();
    assertThat(seen).hasSize(61);
    assertThat(seen.subList(1, 61)).allMatch(PublishStreamResponse::hasAck);
    Map<Integer, Long> next = new HashMap<>();
    for (PublishStreamResponse answer : seen.subList(1, 61)) {
      long offset = answer.getAck().getFirstOffset();
      assertThat(offset).isEqualTo(next.merge(answer.getAck().getPartition(), 1L, Long::sum) - 1);
    }
  }

  @Test
  void aRefusedBatchDoesNotEndTheStream() {
    Topic topic = topic();
    Answers<PublishStreamRequest, PublishStreamResponse> answers = new Answers<>();
    var stream = publishing(2, answers);
    var corrupt =
        BatchCodec.encode(
                List.of(event("x").toBuilder().setTimestampUnixMs(1).build()),
                Compression.COMPRESSION_NONE)
            .toBuilder()
            .setCrc32C(1)
            .build();

    send(stream, batch(topic, 0, 1, 0).toBuilder().setTopic("nowhere").build());
    send(stream, batch(topic, 9, 2, 0));
    send(stream, batch(topic, 0, 3, 0).toBuilder().setEncoded(corrupt).build());
    send(stream, batch(topic, 0, 4, 0).toBuilder().clearContent().build());
    send(stream, batch(topic, 0, 5, 0));
    send(stream, batch(topic, 0, 6, 7));
    stream.onCompleted();

    Map<Long, ErrorReason> rejected = new HashMap<>();
    for (PublishStreamResponse answer : answers.awaitEnd()) {
      if (answer.hasReject()) {
        rejected.put(answer.getReject().getBatchId(), answer.getReject().getFailure().getReason());
      }
    }
    assertThat(answers.refusal()).isNull();
    assertThat(rejected)
        .containsEntry(1L, ErrorReason.ERROR_REASON_TOPIC_NOT_FOUND)
        .containsEntry(2L, ErrorReason.ERROR_REASON_PARTITION_NOT_FOUND)
        .containsEntry(3L, ErrorReason.ERROR_REASON_CORRUPT_BATCH)
        .containsEntry(4L, ErrorReason.ERROR_REASON_INVALID_ARGUMENT)
        .containsEntry(6L, ErrorReason.ERROR_REASON_SEQUENCE_GAP)
        .hasSize(5);
  }

  @Test
  void aProducerThatReadsNoAnswersIsHeldBackAndLosesNothing() {
    Topic topic = topic();
    Answers<PublishStreamRequest, PublishStreamResponse> answers = new Answers<>(true);
    var stream = ProducerServiceGrpc.newStub(cluster.channel(1)).publishStream(answers);
    stream.onNext(
        PublishStreamRequest.newBuilder().setOpen(OpenPublish.getDefaultInstance()).build());
    answers.take(1);
    answers.await(1);
    for (int i = 0; i < 5_000; i++) {
      send(stream, batch(topic, 0, i, i));
    }
    stream.onCompleted();

    answers.take(10_000);

    List<PublishStreamResponse> seen = answers.awaitEnd();
    assertThat(seen).hasSize(5_001);
    assertThat(seen.subList(1, seen.size()))
        .allMatch(
            answer ->
                answer.hasAck()
                    || answer.getReject().getFailure().getReason()
                        == ErrorReason.ERROR_REASON_STREAM_LIMIT
                    || answer.getReject().getFailure().getReason()
                        == ErrorReason.ERROR_REASON_SEQUENCE_GAP);
  }

  @Test
  void theFirstRequestMustOpen() {
    Answers<PublishStreamRequest, PublishStreamResponse> answers = new Answers<>();
    var stream = ProducerServiceGrpc.newStub(cluster.channel(1)).publishStream(answers);

    send(stream, PublishBatch.getDefaultInstance());

    assertThat(answers.reason()).isEqualTo(ErrorReason.ERROR_REASON_INVALID_ARGUMENT);
  }
}
