package io.flotilla.cluster.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flotilla.cluster.console.Life.Known;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Random searches, gone on with until all is seen, held against the plain list of what was
 * published. Confined.
 */
final class SearchModel {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String DATA = "data: ";
  private static final List<String> KEYS = List.of("", "", "customer-3", "customer-7", "nobody");
  private static final List<String> WORDS = List.of("", "", "photo", "t-42", "%22order%22%3A1");

  private final HttpClient client = HttpClient.newHttpClient();
  private final String base;
  private final List<Known> known;
  private final Random random;
  private int searches;

  SearchModel(String base, List<Known> known, Random random) {
    this.base = base;
    this.known = known;
    this.random = random;
  }

  /** Asks once, and again until all is seen; it must be what is in the list, and told in full. */
  void compare() throws Exception {
    String key = any(KEYS);
    String word = any(WORDS);
    int partition = random.nextInt(Life.PARTITIONS + 2) - 1;
    boolean one = partition >= 0 && partition < Life.PARTITIONS;
    int number = random.nextInt(known.size());
    String from = any(List.of("newest", "earliest", "time", "offset"));
    long offset = random.nextInt(100);
    Predicate<Known> wanted =
        switch (from) {
          case "time" -> each -> each.number() >= number;
          case "offset" -> each -> each.offset() >= offset;
          default -> each -> true;
        };
    String at =
        switch (from) {
          case "time" -> "&at=" + (Life.BEGAN.toEpochMilli() + number);
          case "offset" -> "&at=" + offset;
          default -> "";
        };
    String query =
        "topic=%s&from=%s%s&key=%s&where=%s&limit=%d%s"
            .formatted(
                Life.TOPIC,
                from,
                at,
                key,
                word,
                1 + random.nextInt(300),
                one ? "&partition=" + partition : key.isEmpty() ? "" : "&partition=key");
    Set<String> expected =
        known.stream()
            .filter(wanted)
            .filter(each -> key.isEmpty() || each.key().equals(key))
            .filter(each -> !one || each.partition() == partition)
            .filter(each -> contains(each, word))
            .map(each -> each.partition() + "@" + each.offset())
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(search(query)).as(query).isEqualTo(expected);
  }

  /** How many searches were asked for in all, those that went on with one included. */
  int searches() {
    return searches;
  }

  private String any(List<String> from) {
    return from.get(random.nextInt(from.size()));
  }

  private static boolean contains(Known each, String word) {
    return switch (word) {
      case "t-42" -> ("t-" + each.number()).contains(word);
      case "%22order%22%3A1" -> String.valueOf(each.number()).startsWith("1");
      default -> true;
    };
  }

  private Set<String> search(String query) throws Exception {
    Set<String> found = new TreeSet<>();
    String resume = "";
    do {
      searches++;
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(base + "/api/events?" + query + "&resume=" + resume))
              .build();
      try (Stream<String> lines = client.send(request, BodyHandlers.ofLines()).body()) {
        resume = take(lines.filter(line -> line.startsWith(DATA)).toList(), found, query);
      }
    } while (!resume.isEmpty());
    return found;
  }

  /** Adds what was found; answers where to go on, or nothing when all is seen. */
  private static String take(List<String> lines, Set<String> found, String query) throws Exception {
    JsonNode last = JSON.nullNode();
    for (String line : lines) {
      JsonNode told = JSON.readTree(line.substring(DATA.length()));
      for (JsonNode row : told.isArray() ? told : JSON.createArrayNode()) {
        found.add(row.path("p").asInt() + "@" + row.path("o").asText());
      }
      last = told;
    }
    if (last.path("ended").asText().equals("done")) {
      assertThat(last.path("scanned").asLong()).as(query).isEqualTo(last.path("total").asLong());
    } else {
      assertThat(last.path("resume").asText()).as("%s: %s", query, last).isNotEmpty();
    }
    return last.path("resume").asText();
  }
}
