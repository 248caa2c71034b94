package io.flotilla.console.page;

import com.fasterxml.jackson.databind.JsonNode;
import io.flotilla.client.Admin;
import io.flotilla.client.Cleanup;
import io.flotilla.client.Event;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.FlotillaClientException;
import io.flotilla.client.GroupReset;
import io.flotilla.client.NewTopic;
import io.flotilla.client.Position;
import io.flotilla.client.Producer;
import io.flotilla.client.StartPosition;
import io.flotilla.client.TopicChange;
import io.flotilla.client.TopicSettings;
import io.flotilla.console.watch.Watch;
import io.flotilla.console.web.Refusal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a page may change, by the same calls as everybody's; answers with a sentence that says what
 * is true now. Safe.
 */
public final class Actions {

  private static final int PARTITIONS_MAX = 5_000;
  private static final int REPLICAS_MAX = 7;
  private static final Duration PUBLISH_MAX = Duration.ofSeconds(10);

  private final Supplier<FlotillaClient> client;
  private final Watch watch;

  public Actions(Supplier<FlotillaClient> client, Watch watch) {
    this.client = client;
    this.watch = watch;
  }

  /** Where a partition of a group was, is, and how far that is. */
  record Moved(int partition, @Nullable Long from, long to) {}

  /** Does what an action of this name means. */
  public Object run(String name, JsonNode wish) throws InterruptedException {
    return switch (name) {
      case "create-topic" -> createTopic(wish);
      case "alter-topic" -> alterTopic(wish);
      case "move-leader" -> moveLeader(wish);
      case "delete-topic" -> deleteTopic(wish);
      case "reset-group" -> resetGroup(wish);
      case "delete-group" -> deleteGroup(wish);
      case "publish" -> publish(wish);
      default -> throw Refusal.notFound("there is no action " + name);
    };
  }

  private Admin admin() {
    return client.get().admin();
  }

  private static Map<String, Object> done(String message) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("message", message);
    return answer;
  }

  private Object createTopic(JsonNode wish) throws InterruptedException {
    NewTopic topic =
        NewTopic.of(text(wish, "name"), integer(wish, "partitions", 1, PARTITIONS_MAX))
            .withReplicationFactor(integer(wish, "replicas", 0, REPLICAS_MAX))
            .withSettings(settings(wish.path("settings")));
    var created = admin().createTopic(topic);
    watch.anew();
    return done(
        "created topic %s: %d partitions, %d replicas"
            .formatted(created.name(), created.partitionCount(), created.replicationFactor()));
  }

  private Object alterTopic(JsonNode wish) throws InterruptedException {
    String name = text(wish, "name");
    Set<TopicSettings.Name> reset = EnumSet.noneOf(TopicSettings.Name.class);
    wish.path("reset").forEach(each -> reset.add(setting(each.asText())));
    admin().alterTopic(new TopicChange(name, settings(wish.path("settings")), reset, false));
    watch.anew();
    return done("changed settings of topic " + name);
  }

  private Object moveLeader(JsonNode wish) throws InterruptedException {
    String topic = text(wish, "topic");
    int partition = integer(wish, "partition", 0, PARTITIONS_MAX);
    int node = integer(wish, "node", 1, Integer.MAX_VALUE);
    boolean leads = admin().moveLeader(topic, partition, node, false).leads();
    watch.anew();
    return done(
        leads
            ? "node %d leads %s/%d".formatted(node, topic, partition)
            : "node %d is preferred for %s/%d, and leads as soon as it has caught up"
                .formatted(node, topic, partition));
  }

  private Object deleteTopic(JsonNode wish) throws InterruptedException {
    String name = text(wish, "name");
    confirmed(wish, name);
    admin().deleteTopic(name);
    watch.anew();
    return done("deleted topic " + name + ": its name is free");
  }

  private Object resetGroup(JsonNode wish) {
    String group = text(wish, "group");
    String topic = text(wish, "topic");
    boolean preview = wish.path("preview").asBoolean(true);
    List<Integer> partitions = new ArrayList<>();
    wish.path("partitions").forEach(each -> partitions.add(each.asInt()));
    List<GroupReset> moved =
        admin().resetGroup(group, topic, partitions, position(wish.path("to")), preview);
    if (!preview) {
      watch.groupsAnew();
    }
    Map<String, Object> answer =
        done((preview ? "would move " : "moved ") + group + " in " + moved.size() + " partitions");
    answer.put(
        "partitions",
        moved.stream()
            .map(each -> new Moved(each.partition(), each.oldOffset(), each.newOffset()))
            .toList());
    return answer;
  }

  private Object deleteGroup(JsonNode wish) {
    String group = text(wish, "group");
    confirmed(wish, group);
    admin().deleteGroup(group);
    watch.groupsAnew();
    return done("deleted group " + group);
  }

  private Object publish(JsonNode wish) throws InterruptedException {
    String topic = text(wish, "topic");
    Event event = Event.of(bytes(wish.path("key")), bytes(wish.path("value")));
    for (JsonNode header : wish.path("headers")) {
      event = event.withHeader(text(header, "key"), header.path("value").asText());
    }
    int partition = wish.path("partition").asInt(-1);
    try (Producer producer = client.get().producer()) {
      var position =
          partition < 0
              ? producer.publish(topic, event)
              : producer.publish(topic, partition, event);
      Position at = position.get(PUBLISH_MAX.toMillis(), TimeUnit.MILLISECONDS);
      return done("published to " + topic + "/" + at.partition() + " at " + at.offset());
    } catch (TimeoutException e) {
      throw new Refusal(
          Refusal.BUSY, "no answer within " + PUBLISH_MAX.toSeconds() + " s: it may be written");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof FlotillaClientException refused) {
        throw refused;
      }
      throw new IllegalStateException("publishing failed", e);
    }
  }

  /** Names are typed once more for what cannot be undone. */
  private static void confirmed(JsonNode wish, String name) {
    if (!text(wish, "confirm").equals(name)) {
      throw Refusal.badRequest("type the name to confirm");
    }
  }

  private static String text(JsonNode wish, String field) {
    String text = wish.path(field).asText("");
    if (text.isEmpty()) {
      throw Refusal.badRequest(field + " is needed");
    }
    return text;
  }

  private static int integer(JsonNode wish, String field, int min, int max) {
    JsonNode value = wish.path(field);
    int number = value.asInt(min);
    if (number < min || number > max || !(value.isMissingNode() || value.isInt())) {
      throw Refusal.badRequest(field + " is a whole number from " + min + " to " + max);
    }
    return number;
  }

  private static byte @Nullable [] bytes(JsonNode text) {
    return text.isTextual() ? text.textValue().getBytes(StandardCharsets.UTF_8) : null;
  }

  private static StartPosition position(JsonNode to) {
    return switch (to.path("from").asText("")) {
      case "earliest" -> StartPosition.earliest();
      case "latest" -> StartPosition.latest();
      case "offset" -> StartPosition.offset(Math.max(0, to.path("offset").asLong()));
      case "time" ->
          StartPosition.time(Instant.ofEpochMilli(Math.max(0, to.path("timeMs").asLong())));
      default -> throw Refusal.badRequest("to is earliest, latest, offset or time");
    };
  }

  private static TopicSettings.Name setting(String name) {
    try {
      return TopicSettings.Name.valueOf(name.toUpperCase(Locale.ROOT).replace('.', '_'));
    } catch (IllegalArgumentException e) {
      throw Refusal.badRequest("topics have no setting " + name);
    }
  }

  private static TopicSettings settings(JsonNode wish) {
    TopicSettings settings = TopicSettings.NONE;
    for (Map.Entry<String, JsonNode> field : wish.properties()) {
      JsonNode value = field.getValue();
      Duration time = Duration.ofMillis(value.asLong());
      settings =
          switch (setting(field.getKey())) {
            case RETENTION_TIME -> settings.withRetentionTime(time);
            case RETENTION_BYTES -> settings.withRetentionBytes(value.asLong());
            case CLEANUP -> settings.withCleanup(cleanup(value.asText()));
            case COMPACTION_LAG_MIN -> settings.withCompactionLagMin(time);
            case COMPACTION_LAG_MAX -> settings.withCompactionLagMax(time);
            case COMPACTION_DIRTY_PERCENT -> settings.withCompactionDirtyPercent(value.asInt());
            case TOMBSTONE_RETENTION -> settings.withTombstoneRetention(time);
          };
    }
    return settings;
  }

  private static Cleanup cleanup(String word) {
    try {
      return Cleanup.valueOf(word.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw Refusal.badRequest("cleanup is delete, compact or both");
    }
  }
}
