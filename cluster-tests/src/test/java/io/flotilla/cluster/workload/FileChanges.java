package io.flotilla.cluster.workload;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.ZstdInputStream;
import io.flotilla.client.Event;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The history of a large source tree as events: key = file, value = what a commit did to it. Real
 * data: keys of very different frequency, and timestamps that go backwards. Pure.
 */
public final class FileChanges {
  /** How many events there are. */
  public static final int EVENTS = 101_229;

  /** How many different keys they have. */
  public static final int KEYS = 10_101;

  private static final String RESOURCE = "/data/file-changes.ndjson.zst";
  private static final String SHA256_PREFIX = "088d927b";

  private FileChanges() {}

  /** All events, in order, after checking that the file is the right one. */
  public static List<Event> load() {
    try (InputStream packed =
            Objects.requireNonNull(FileChanges.class.getResourceAsStream(RESOURCE), RESOURCE);
        DigestInputStream plain =
            new DigestInputStream(
                new ZstdInputStream(packed), MessageDigest.getInstance("SHA-256"));
        BufferedReader lines = new BufferedReader(new InputStreamReader(plain, UTF_8))) {
      ObjectMapper json = new ObjectMapper();
      List<Event> events = new ArrayList<>(EVENTS);
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        events.add(event(json.readTree(line)));
      }
      String digest = HexFormat.of().formatHex(plain.getMessageDigest().digest());
      if (!digest.startsWith(SHA256_PREFIX) || events.size() != EVENTS) {
        throw new IllegalStateException("another data set: " + digest + ", " + events.size());
      }
      return events;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Bytes as text. */
  public static @Nullable String text(byte @Nullable [] bytes) {
    return bytes == null ? null : new String(bytes, UTF_8);
  }

  private static Event event(JsonNode line) {
    return Event.of(line.get("key").asText(), line.get("value").toString())
        .withTimestamp(Instant.ofEpochMilli(line.get("timestamp").asLong()));
  }
}
