package io.flotilla.cli.search;

import io.flotilla.cli.error.CliException;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.KeyPartition;
import io.flotilla.client.ReceivedEvent;
import io.flotilla.client.StartPosition;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Finds one event of a topic, or says why it is not there. Confined to the command's thread. */
final class Lookup {

  /** Read backwards in pieces that grow, for the newest event of a key is mostly a new one. */
  private static final long FIRST_PIECE = 1_000;

  private static final long PIECE_MAX = 1 << 20;
  private static final int GROWTH = 4;

  private final FlotillaClient client;
  private final String topic;

  Lookup(FlotillaClient client, String topic) {
    this.client = client;
    this.topic = topic;
  }

  /** The event of a place. */
  ReceivedEvent at(Place place) {
    Stretch kept = kept(place.partition());
    if (place.offset() < kept.from() || place.offset() >= kept.until()) {
      String there =
          kept.offsets() == 0
              ? "partition "
                  + kept.partition()
                  + " has no events; the next one gets "
                  + kept.until()
              : "partition "
                  + kept.partition()
                  + " has offsets "
                  + kept.from()
                  + " to "
                  + (kept.until() - 1);
      throw CliException.notFound(
          "there is no event at " + place + " of \"" + topic + "\"",
          there + (place.offset() < kept.from() ? "; older events are no longer kept" : ""),
          "flotilla search " + topic);
    }
    ReceivedEvent found = last(kept.between(place.offset(), place.offset() + 1), null);
    if (found == null) {
      throw CliException.notFound(
          "there is no event at " + place + " of \"" + topic + "\" any more",
          "compaction has removed it: its key has a newer event, or it could not be decoded",
          "flotilla search " + topic + " --partition " + place.partition());
    }
    return found;
  }

  /** The newest event of a key. */
  ReceivedEvent newest(String key) {
    byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
    int partition = KeyPartition.of(bytes, partitions());
    Stretch kept = kept(partition);
    long piece = FIRST_PIECE;
    for (long end = kept.until(); end > kept.from(); piece = Math.min(piece * GROWTH, PIECE_MAX)) {
      long begin = Math.max(kept.from(), end - piece);
      ReceivedEvent found = last(kept.between(begin, end), bytes);
      if (found != null) {
        return found;
      }
      end = begin;
    }
    throw CliException.notFound(
        "there is no event of key \"" + key + "\" in \"" + topic + "\"",
        "partition "
            + partition
            + ", which the key decides, was read from "
            + kept.from()
            + " to "
            + kept.until(),
        "events that name their partition may be elsewhere: flotilla search "
            + topic
            + " --where key="
            + key);
  }

  private int partitions() {
    return client.admin().describeTopic(topic).partitionCount();
  }

  private Stretch kept(int partition) {
    int count = partitions();
    if (partition >= count) {
      throw CliException.notFound(
          "topic \"" + topic + "\" has no partition " + partition,
          "it has partitions 0 to " + (count - 1),
          "flotilla topic describe " + topic);
    }
    return Stretch.of(
            client.admin(),
            topic,
            List.of(partition),
            StartPosition.earliest(),
            StartPosition.latest())
        .get(0);
  }

  /** The last event of a stretch that has the key; a null key is any. */
  private @Nullable ReceivedEvent last(Stretch stretch, byte @Nullable [] key) {
    AtomicReference<@Nullable ReceivedEvent> last = new AtomicReference<>();
    new Scan(topic, List.of(stretch))
        .run(
            client,
            event -> {
              if (key == null || Arrays.equals(key, event.key())) {
                last.set(event);
              }
              return true;
            },
            () -> {});
    return last.get();
  }
}
