package io.flotilla.node.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** However many topics there are: so many series, and nothing is lost or counted twice. */
class TrafficMetersTest {

  private final NodeMeters meters = new NodeMeters();
  private final AtomicLong nanos = new AtomicLong();
  private final TrafficMeters traffic = new TrafficMeters(meters, 2, nanos::get);

  @AfterEach
  void close() {
    meters.close();
  }

  private void publish(int topic, int events) {
    traffic.topic(topic).published(events, 100L * events, 1_000_000);
  }

  private String line(String topic) {
    return meters
        .scrape()
        .lines()
        .filter(one -> one.startsWith("flotilla_published_events_total{topic=\"" + topic + "\"}"))
        .findFirst()
        .map(one -> one.substring(one.indexOf(' ') + 1))
        .orElse("none");
  }

  private void refresh() {
    traffic.refresh(topic -> topic == 9 ? null : "t" + topic);
  }

  @Test
  void theTopicsWithTheMostTrafficHaveSeriesOfTheirOwn() {
    publish(1, 10);
    publish(2, 20);
    refresh();
    assertThat(line("t1")).isEqualTo("10.0");
    assertThat(line("t2")).isEqualTo("20.0");
    assertThat(line("_other")).isEqualTo("0.0");

    publish(3, 500);
    refresh();
    assertThat(line("t3")).as("not before a minute has passed").isEqualTo("none");
    assertThat(line("_other")).isEqualTo("500.0");

    nanos.addAndGet(Duration.ofMinutes(2).toNanos());
    publish(1, 1);
    refresh();
    assertThat(line("t3")).isEqualTo("500.0");
    assertThat(line("t1")).isEqualTo("none");
    assertThat(line("_other")).as("never falls, and has nothing twice").isEqualTo("500.0");

    publish(1, 4);
    refresh();
    assertThat(line("_other")).isEqualTo("504.0");
  }

  @Test
  void aTopicThatIsDeletedLeavesNothingBehind() {
    publish(9, 7);
    publish(1, 1);
    refresh();

    assertThat(meters.scrape()).doesNotContain("t9");
    assertThat(line("_other")).as("it was never told").isEqualTo("7.0");

    traffic.gone(1);
    refresh();
    assertThat(line("t1")).isEqualTo("none");
    assertThat(line("_other")).as("it was told under its name").isEqualTo("7.0");
  }

  @Test
  void eachBatchIsInTheHistograms() {
    publish(1, 3);
    publish(1, 700);

    assertThat(meters.scrape().lines())
        .contains(
            "flotilla_batch_events_bucket{le=\"5.0\"} 1",
            "flotilla_batch_events_bucket{le=\"1000.0\"} 2",
            "flotilla_batch_events_count 2",
            "flotilla_batch_events_sum 703.0",
            "flotilla_publish_seconds_bucket{le=\"0.001\"} 2",
            "flotilla_publish_seconds_count 2");
  }
}
