package io.flotilla.cluster.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.cluster.harness.TestCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What nodes told at one moment, as Prometheus would read it. Immutable. */
final class Scrape {
  private static final Duration CALL_MAX = Duration.ofSeconds(10);
  private static final Pattern LINE =
      Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? ([-+0-9.eEInfNa]+)");
  private static final Pattern LABEL = Pattern.compile("([a-zA-Z_]+)=\"([^\"]*)\",?");
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  /** One line. */
  record Series(String name, Map<String, String> labels, double value) {}

  private final List<Series> series = new ArrayList<>();

  /** Of all nodes. */
  static Scrape of(TestCluster cluster) {
    Scrape all = new Scrape();
    cluster.ids().forEach(node -> all.series.addAll(of(cluster, node, "/metrics").series));
    return all;
  }

  /** Of one node. */
  static Scrape of(TestCluster cluster, int node, String path) {
    URI uri = URI.create("http://127.0.0.1:" + cluster.httpPort(node) + path);
    try {
      HttpResponse<String> answer =
          CLIENT.send(
              HttpRequest.newBuilder(uri).timeout(CALL_MAX).build(), BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      Scrape scrape = new Scrape();
      answer.body().lines().filter(line -> !line.startsWith("#")).forEach(scrape::read);
      return scrape;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private void read(String line) {
    Matcher parts = LINE.matcher(line);
    assertThat(parts.matches()).as(line).isTrue();
    Map<String, String> labels = new TreeMap<>();
    if (parts.group(2) != null) {
      Matcher label = LABEL.matcher(parts.group(2));
      while (label.find()) {
        labels.put(label.group(1), label.group(2));
      }
    }
    series.add(new Series(parts.group(1), labels, number(parts.group(3))));
  }

  private static double number(String text) {
    return text.endsWith("Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(text);
  }

  List<Series> series() {
    return series;
  }

  /** Those of a metric, of which some may be asked for: label, value, label, value. */
  List<Series> of(String name, String... labels) {
    return series.stream()
        .filter(one -> one.name().equals(name))
        .filter(
            one -> {
              for (int i = 0; i < labels.length; i += 2) {
                if (!labels[i + 1].equals(one.labels().get(labels[i]))) {
                  return false;
                }
              }
              return true;
            })
        .toList();
  }

  double sum(String name, String... labels) {
    return of(name, labels).stream().mapToDouble(Series::value).sum();
  }

  double max(String name, String... labels) {
    return of(name, labels).stream().mapToDouble(Series::value).max().orElse(Double.NaN);
  }
}
