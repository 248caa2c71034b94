package io.flotilla.node.core.metadata;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.flotilla.node.core.Applied;
import io.flotilla.node.core.StateMachine;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.store.Store;
import io.flotilla.node.store.WriteBatch;
import io.flotilla.proto.state.v1.MetadataCommand;
import io.flotilla.proto.state.v1.MetadataOutcome;
import java.util.function.Consumer;

/**
 * The state machine of the metadata group. Confined to the thread that applies, but for {@link
 * #image}, which any thread may call. Each command either changes the store and its maps, or is
 * refused and changes nothing: every check comes before the first write.
 */
public final class MetadataMachine implements StateMachine {

  private final MetadataState state;
  private final NodeCommands nodes;
  private final TopicCommands topics;
  private final ProducerCommands producers;
  private final CoordinatorCommands coordinators;
  private final Consumer<MetadataImage> listener;
  private volatile MetadataImage published;

  /**
   * @param listener hears of each new image, on the thread that applies; must not block. The first
   *     image, as the store holds it, is had by {@link #image}
   */
  public MetadataMachine(Store store, Consumer<MetadataImage> listener) {
    this.state = new MetadataState(store);
    this.nodes = new NodeCommands(state);
    this.topics = new TopicCommands(state);
    this.producers = new ProducerCommands(state);
    this.coordinators = new CoordinatorCommands(state);
    this.listener = listener;
    this.published = state.image();
  }

  /** What was last published. */
  public MetadataImage image() {
    return published;
  }

  @Override
  public ByteString apply(Applied at, ByteString command, WriteBatch batch) {
    MetadataOutcome.Builder outcome = MetadataOutcome.newBuilder();
    try {
      apply(at, decode(at, command), batch, outcome);
    } catch (FlotillaException refusal) {
      outcome.clear().setError(refusal.reason()).setMessage(String.valueOf(refusal.getMessage()));
    }
    return outcome.setRevision(state.counters().getRevision()).build().toByteString();
  }

  private void apply(
      Applied at, MetadataCommand command, WriteBatch batch, MetadataOutcome.Builder outcome) {
    switch (command.getCommandCase()) {
      case REGISTER_NODE -> nodes.register(command.getRegisterNode(), batch);
      case CREATE_TOPIC ->
          topics.create(command.getCreateTopic(), command.getTimeUnixMs(), batch, outcome);
      case DELETE_TOPIC -> topics.delete(command.getDeleteTopic(), batch, outcome);
      case ALTER_TOPIC -> topics.alter(command.getAlterTopic(), batch, outcome);
      case PREFER_LEADER -> topics.prefer(command.getPreferLeader(), batch, outcome);
      case REPORT_LEADERS -> nodes.reportLeaders(command.getReportLeaders(), batch);
      case ALLOCATE_PRODUCER_IDS ->
          producers.allocate(command.getAllocateProducerIds(), batch, outcome);
      case OPEN_NAMED_PRODUCER -> producers.open(command.getOpenNamedProducer(), batch, outcome);
      case CREATE_COORDINATORS -> coordinators.create(command.getCreateCoordinators(), batch);
      case COMMAND_NOT_SET ->
          throw new IllegalStateException(
              "the metadata cannot apply " + at + ": its command is of a newer version");
    }
  }

  private static MetadataCommand decode(Applied at, ByteString command) {
    try {
      return MetadataCommand.parseFrom(command);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("the metadata cannot read its command at " + at, e);
    }
  }

  @Override
  public void publish() {
    MetadataImage image = state.image();
    if (image.revision() != published.revision()) {
      published = image;
      listener.accept(image);
    }
  }
}
