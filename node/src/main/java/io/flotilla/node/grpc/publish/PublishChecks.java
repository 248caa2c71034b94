package io.flotilla.node.grpc.publish;

import io.flotilla.node.batch.BatchCodec;
import io.flotilla.node.batch.BatchLimits;
import io.flotilla.node.core.metadata.TopicInfo;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.types.v1.Event;
import io.flotilla.proto.v1.ProducerSession;
import io.flotilla.proto.v1.PublishBatch;
import io.flotilla.proto.v1.PublishRequest;
import java.util.List;

/** What must hold of a publish before anything is done for it. Throws INVALID_ARGUMENT. Pure. */
final class PublishChecks {

  private PublishChecks() {}

  static void check(PublishRequest request, BatchLimits limits) {
    events(request.getEventsList(), limits);
    if (request.hasProducer()) {
      session(request.getProducer());
      if (!request.hasPartition() || !request.hasFirstSequence()) {
        throw FlotillaException.invalid(
            "producer needs partition and first_sequence beside it: sequences count per partition");
      }
    } else if (request.hasFirstSequence()) {
      throw FlotillaException.invalid("first_sequence needs producer beside it");
    }
    if (request.hasFirstSequence()) {
      sequence(request.getFirstSequence());
    }
    topicId(request.getTopicId());
  }

  static void check(PublishBatch batch, BatchLimits limits) {
    switch (batch.getContentCase()) {
      case EVENTS -> events(batch.getEvents().getEventsList(), limits);
      case ENCODED -> BatchCodec.check(batch.getEncoded(), limits);
      case CONTENT_NOT_SET ->
          throw FlotillaException.invalid("a batch needs events or an encoded batch");
    }
    if (batch.hasFirstSequence()) {
      sequence(batch.getFirstSequence());
    }
    topicId(batch.getTopicId());
  }

  /** Every event of a compacted topic needs a key; encoded batches are opened for it. */
  static void keys(TopicInfo topic, PublishBatch batch, BatchLimits limits) {
    if (topic.compacts()) {
      keys(
          topic,
          batch.hasEncoded()
              ? BatchCodec.decode(batch.getEncoded(), limits)
              : batch.getEvents().getEventsList());
    }
  }

  static void keys(TopicInfo topic, List<Event> events) {
    for (int i = 0; topic.compacts() && i < events.size(); i++) {
      if (!events.get(i).hasKey()) {
        throw new FlotillaException(
            ErrorReason.ERROR_REASON_MISSING_KEY,
            "event " + i + " has no key, and topic \"" + topic.name() + "\" is compacted");
      }
    }
  }

  static void session(ProducerSession session) {
    if (session.getProducerId() < 1) {
      throw FlotillaException.invalid(
          "producer_id must be at least 1, was " + session.getProducerId());
    }
    if (session.getEpoch() < 0) {
      throw FlotillaException.invalid(
          "the producer's epoch must not be negative, was " + session.getEpoch());
    }
  }

  static void topicId(long topicId) {
    if (topicId < 0) {
      throw FlotillaException.invalid("topic_id must not be negative, was " + topicId);
    }
  }

  private static void sequence(int sequence) {
    if (sequence < 0) {
      throw FlotillaException.invalid("first_sequence must not be negative, was " + sequence);
    }
  }

  private static void events(List<Event> events, BatchLimits limits) {
    if (events.isEmpty() || events.size() > limits.eventsMax()) {
      throw FlotillaException.invalid(
          "events must be 1 to " + limits.eventsMax() + ", were " + events.size());
    }
    events.forEach(event -> BatchCodec.checkEvent(event, limits));
  }
}
