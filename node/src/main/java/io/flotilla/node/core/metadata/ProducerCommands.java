package io.flotilla.node.core.metadata;

import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.store.Table;
import io.flotilla.node.store.WriteBatch;
import io.flotilla.proto.state.v1.AllocateProducerIds;
import io.flotilla.proto.state.v1.MetadataCounters;
import io.flotilla.proto.state.v1.MetadataOutcome;
import io.flotilla.proto.state.v1.NamedProducerState;
import io.flotilla.proto.state.v1.OpenNamedProducer;
import io.flotilla.proto.types.v1.ErrorReason;

/**
 * Producer identities. Confined to the thread that applies. They are no part of the image, so
 * giving them out raises no revision.
 */
record ProducerCommands(MetadataState state) {

  void allocate(AllocateProducerIds command, WriteBatch batch, MetadataOutcome.Builder outcome) {
    int count = command.getCount();
    if (count < 1 || count > MetadataLimits.PRODUCER_IDS_PER_COMMAND_MAX) {
      throw FlotillaException.invalid(
          count
              + " producer ids are not between 1 and "
              + MetadataLimits.PRODUCER_IDS_PER_COMMAND_MAX);
    }
    outcome.setProducerId(take(count, batch));
  }

  /** The same name gets the same id with the next epoch, which fences whoever had it before. */
  void open(OpenNamedProducer command, WriteBatch batch, MetadataOutcome.Builder outcome) {
    String name = command.getName();
    int chars = name.codePointCount(0, name.length());
    if (chars < 1 || chars > MetadataLimits.PRODUCER_NAME_CHARS_MAX) {
      throw FlotillaException.invalid(
          "a producer name has "
              + chars
              + " characters, not 1 to "
              + MetadataLimits.PRODUCER_NAME_CHARS_MAX);
    }
    byte[] row = batch.get(Table.METADATA, MetadataKeys.producerName(name));
    NamedProducerState next =
        row == null
            ? first(name, batch)
            : next(MetadataReader.parse(NamedProducerState.parser(), row), batch);
    batch.put(Table.METADATA, MetadataKeys.producerName(name), next.toByteArray());
    outcome.setProducerId(next.getProducerId()).setProducerEpoch(next.getEpoch());
  }

  private NamedProducerState first(String name, WriteBatch batch) {
    if (state.producerNames() >= MetadataLimits.PRODUCER_NAMES_MAX) {
      // Not THROTTLED, which clients retry: waiting frees no name.
      throw new FlotillaException(
          ErrorReason.ERROR_REASON_STREAM_LIMIT,
          "the cluster remembers "
              + MetadataLimits.PRODUCER_NAMES_MAX
              + " producer names, and no more: use a known name, or no name");
    }
    state.addProducerName();
    return NamedProducerState.newBuilder().setName(name).setProducerId(take(1, batch)).build();
  }

  private NamedProducerState next(NamedProducerState known, WriteBatch batch) {
    return known.getEpoch() == Integer.MAX_VALUE
        ? known.toBuilder().setProducerId(take(1, batch)).setEpoch(0).build()
        : known.toBuilder().setEpoch(known.getEpoch() + 1).build();
  }

  private long take(int count, WriteBatch batch) {
    MetadataCounters counters = state.counters();
    long first = counters.getNextProducerId();
    state.setCounters(counters.toBuilder().setNextProducerId(first + count).build(), batch);
    return first;
  }
}
