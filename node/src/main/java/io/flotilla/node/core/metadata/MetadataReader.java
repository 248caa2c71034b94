package io.flotilla.node.core.metadata;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import io.flotilla.node.model.PartitionId;
import io.flotilla.node.store.Keys;
import io.flotilla.node.store.Table;
import io.flotilla.node.store.View;
import io.flotilla.proto.state.v1.GroupState;
import io.flotilla.proto.state.v1.MetadataCounters;
import io.flotilla.proto.state.v1.PartitionPlacement;
import io.flotilla.proto.state.v1.RegisterNode;
import io.flotilla.proto.state.v1.TopicState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Reads the metadata from a store. Stateless; any thread. */
public final class MetadataReader {

  private static final MetadataCounters FIRST_COUNTERS =
      MetadataCounters.newBuilder()
          .setNextTopicId(1)
          .setNextGroup(MetadataLimits.FIRST_GROUP)
          .setNextProducerId(1)
          .build();

  private MetadataReader() {}

  /** The image of what the store holds; {@link MetadataImage#EMPTY} when it holds none. */
  public static MetadataImage open(View view) {
    SortedMap<Integer, NodeInfo> nodes = new TreeMap<>();
    rows(
        view,
        MetadataKeys.NODES,
        RegisterNode.parser(),
        row -> nodes.put(row.getNodeId(), node(row)));
    SortedMap<String, TopicInfo> topics = new TreeMap<>();
    Map<Integer, TopicInfo> topicsById = new HashMap<>();
    Map<Long, List<PartitionId>> carried = new HashMap<>();
    rows(
        view,
        MetadataKeys.TOPICS,
        TopicState.parser(),
        row -> {
          TopicInfo topic = topic(row);
          topics.put(topic.name(), topic);
          topicsById.put(topic.topicId(), topic);
          for (int i = 0; i < topic.partitionCount(); i++) {
            carried
                .computeIfAbsent(topic.groups().get(i), group -> new ArrayList<>())
                .add(new PartitionId(topic.topicId(), i));
          }
        });
    SortedMap<Long, GroupInfo> groups = new TreeMap<>();
    rows(
        view,
        MetadataKeys.GROUPS,
        GroupState.parser(),
        row ->
            groups.put(
                row.getGroup(), group(row, carried.getOrDefault(row.getGroup(), List.of()))));
    MetadataCounters counters = counters(view);
    return new MetadataImage(
        counters.getRevision(),
        Collections.unmodifiableSortedMap(nodes),
        Collections.unmodifiableSortedMap(topics),
        Collections.unmodifiableMap(topicsById),
        Collections.unmodifiableSortedMap(groups),
        counters.getNextTopicId(),
        counters.getNextGroup());
  }

  static MetadataCounters counters(View view) {
    byte[] row = view.get(Table.METADATA, MetadataKeys.counters());
    return row == null ? FIRST_COUNTERS : parse(MetadataCounters.parser(), row);
  }

  static int producerNames(View view) {
    int names = 0;
    try (View.Cursor rows = rows(view, MetadataKeys.PRODUCER_NAMES)) {
      while (rows.next()) {
        names++;
      }
    }
    return names;
  }

  static NodeInfo node(RegisterNode row) {
    return new NodeInfo(
        row.getNodeId(),
        row.getIncarnation(),
        row.getHost(),
        row.getGrpcPort(),
        row.getRaftPort(),
        row.getRack(),
        row.getVersion());
  }

  static TopicInfo topic(TopicState row) {
    return new TopicInfo(
        Math.toIntExact(row.getTopicId()),
        row.getName(),
        row.getReplicationFactor(),
        row.getCreatedUnixMs(),
        row.getPartitionsList().stream().map(PartitionPlacement::getGroup).toList(),
        row.getSettings());
  }

  static GroupInfo group(GroupState row, List<PartitionId> partitions) {
    return new GroupInfo(
        row.getGroup(),
        row.getPeersList(),
        row.getFoundersCount() == 0 ? row.getPeersList() : row.getFoundersList(),
        partitions,
        row.getLeader().getNodeId(),
        row.getLeader().getTerm(),
        row.getLeaderWanted());
  }

  static <T> T parse(Parser<T> parser, byte[] row) {
    try {
      return parser.parseFrom(row);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a row of the metadata cannot be read", e);
    }
  }

  private static View.Cursor rows(View view, long kind) {
    return view.scan(Table.METADATA, Keys.of(kind), Keys.of(kind + 1));
  }

  private static <T> void rows(View view, long kind, Parser<T> parser, Consumer<T> each) {
    try (View.Cursor rows = rows(view, kind)) {
      while (rows.next()) {
        each.accept(parse(parser, rows.value()));
      }
    }
  }
}
