package io.flotilla.node.grpc.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.proto.v1.Ack;
import io.flotilla.proto.v1.PublishBatch;
import io.flotilla.proto.v1.PublishStreamResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnswerLanesTest {

  private final List<Long> answered = new ArrayList<>();
  private final AnswerLanes lanes =
      new AnswerLanes(3, 1_000, answer -> answered.add(answer.getAck().getBatchId()));

  private static PublishBatch batch(long id, int partition) {
    return PublishBatch.newBuilder()
        .setBatchId(id)
        .setTopic("orders")
        .setPartition(partition)
        .build();
  }

  private void ack(AnswerLanes.Pending pending) {
    lanes.answer(
        pending,
        PublishStreamResponse.newBuilder()
            .setAck(Ack.newBuilder().setBatchId(pending.batch.getBatchId()))
            .build());
  }

  @Test
  void answersOfOnePartitionLeaveInOrderAndPartitionsDoNotWaitForEachOther() {
    var first = lanes.take(batch(1, 0));
    var second = lanes.take(batch(2, 0));
    var other = lanes.take(batch(3, 1));

    ack(second);
    ack(other);
    assertThat(answered).containsExactly(3L);
    ack(first);

    assertThat(answered).containsExactly(3L, 1L, 2L);
    assertThat(lanes.size()).isZero();
  }

  @Test
  void aBatchBeyondTheWindowIsNotCountedAndRoomComesBack() {
    List<AnswerLanes.Pending> taken = new ArrayList<>();
    for (int id = 0; id < 4; id++) {
      taken.add(lanes.take(batch(id, 0)));
    }

    assertThat(taken)
        .extracting(AnswerLanes.Pending::counted)
        .containsExactly(true, true, true, false);
    taken.forEach(this::ack);

    assertThat(lanes.take(batch(9, 0)).counted()).isTrue();
  }
}
