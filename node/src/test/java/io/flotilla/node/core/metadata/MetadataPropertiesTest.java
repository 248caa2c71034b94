package io.flotilla.node.core.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.node.core.Seeds;
import io.flotilla.node.core.StoreRows;
import io.flotilla.proto.state.v1.MetadataCommand;
import io.flotilla.proto.state.v1.MetadataOutcome;
import io.flotilla.proto.state.v1.TopicSettings;
import io.flotilla.proto.types.v1.ErrorReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What holds for any history: twins, reopening, and a model of names and ids. */
class MetadataPropertiesTest {

  private static List<MetadataCommand> history(long seed) {
    Random random = new Random(seed);
    List<MetadataCommand> commands = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      String name = "t" + random.nextInt(8);
      MetadataCommand.Builder command =
          switch (random.nextInt(8)) {
            case 0 -> Metadata.register(random.nextInt(4), "i" + random.nextInt(2));
            case 1 -> Metadata.newTopic(name, random.nextInt(4), "r" + random.nextInt(3));
            case 2 -> Metadata.delete(name, random.nextInt(3) == 0 ? random.nextInt(20) : 0);
            case 3 -> Metadata.allocate(random.nextInt(5));
            case 5 ->
                random.nextBoolean()
                    ? Metadata.alter(name, settings(random))
                    : Metadata.alter(name, TopicSettings.getDefaultInstance(), "retention_ms");
            case 4 -> Metadata.openProducer("p" + random.nextInt(5));
            case 6 -> Metadata.prefer(name, random.nextInt(5), 1 + random.nextInt(4));
            default ->
                Metadata.leads(1 + random.nextInt(3), 1000 + random.nextInt(60), random.nextInt(9));
          };
      commands.add(command.setTimeUnixMs(i).build());
    }
    return commands;
  }

  private static TopicSettings settings(Random random) {
    TopicSettings.Builder settings = TopicSettings.newBuilder();
    if (random.nextBoolean()) {
      settings.setRetentionMs(random.nextInt(4) * 1000L - 1000);
    }
    if (random.nextBoolean()) {
      settings.setRetentionBytes(random.nextInt(3) << 20);
    }
    return settings.build();
  }

  @Test
  void twinsAreEqualByteForByte() {
    Seeds.some(5)
        .forEach(
            seed -> {
              Metadata one = new Metadata();
              Metadata other = new Metadata();
              for (MetadataCommand command : history(seed)) {
                assertThat(one.apply(command)).as("seed " + seed).isEqualTo(other.apply(command));
              }
              assertThat(StoreRows.of(one.store))
                  .as("seed " + seed)
                  .isEqualTo(StoreRows.of(other.store));
              assertThat(one.heard).as("seed " + seed).isEqualTo(other.heard);
            });
  }

  @Test
  void reopeningAtAnyPointChangesNothing() {
    Seeds.some(5)
        .forEach(
            seed -> {
              Metadata lived = new Metadata();
              Metadata reopened = new Metadata();
              for (MetadataCommand command : history(seed)) {
                reopened.reopen();
                assertThat(reopened.image()).as("seed " + seed).isEqualTo(lived.image());
                assertThat(reopened.apply(command))
                    .as("seed " + seed)
                    .isEqualTo(lived.apply(command));
              }
              assertThat(StoreRows.of(reopened.store))
                  .as("seed " + seed)
                  .isEqualTo(StoreRows.of(lived.store));
            });
  }

  /** Names are unique, numbers grow, and every partition has one group that says so. */
  @Test
  void topicsAreAsAModelOfNamesSays() {
    Seeds.some(5).forEach(MetadataPropertiesTest::asAModelOfNamesSays);
  }

  private static void asAModelOfNamesSays(long seed) {
    Metadata metadata = new Metadata();
    Map<String, Long> model = new TreeMap<>();
    long lastId = 0;
    for (MetadataCommand command : history(seed)) {
      MetadataOutcome outcome = metadata.apply(command);
      if (outcome.getError() != ErrorReason.ERROR_REASON_UNSPECIFIED) {
        continue;
      }
      if (command.hasCreateTopic()) {
        String name = command.getCreateTopic().getName();
        if (!model.containsKey(name)) {
          assertThat(outcome.getTopicId()).as("seed " + seed).isEqualTo(++lastId);
          model.put(name, lastId);
        }
        assertThat(outcome.getTopicId()).as("seed " + seed).isEqualTo(model.get(name));
      } else if (command.hasDeleteTopic()) {
        assertThat(model.remove(command.getDeleteTopic().getName())).isNotNull();
      }
    }
    MetadataImage image = metadata.image();
    assertThat(image.topics().keySet()).as("seed " + seed).isEqualTo(model.keySet());
    int partitions = 0;
    for (TopicInfo topic : image.topics().values()) {
      for (int i = 0; i < topic.partitionCount(); i++, partitions++) {
        GroupInfo group = Objects.requireNonNull(image.group(topic, i));
        assertThat(group.partitions()).as("seed " + seed).hasSize(1);
        assertThat(group.partitions().get(0).partition()).isEqualTo(i);
      }
    }
    assertThat(image.groups()).as("seed " + seed).hasSize(partitions);
  }
}
