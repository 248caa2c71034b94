package io.flotilla.cli.top;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.cli.top.TopSample.GroupRow;
import io.flotilla.cli.top.TopSample.NodeRow;
import io.flotilla.cli.top.TopSample.TopicRow;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What people see of a sample. */
final class TopTablesTest {

  @Test
  void nodesTopicsAndGroupsFitTheScreenAndSayWhatTheyLeaveOut() {
    TopSample sample =
        new TopSample(
            Instant.EPOCH,
            "c-1",
            List.of(
                new NodeRow(1, "127.0.0.1:9095", "up", 3, 6, 1234.4, 17, 5L << 30),
                new NodeRow(2, "127.0.0.1:9105", "unreachable", 3, 6, null, 0, null)),
            List.of(new TopicRow("orders", 6, 1_000_000, 1234.4)),
            812,
            true,
            List.of(new GroupRow("billing", "stable", 2, 17_000, 61_500, 3.6, true)),
            40,
            20);
    List<String> lines = new TopTables(true, false, "  q quits").of(sample);
    assertThat(lines).allMatch(line -> line.length() <= 100);
    assertThat(lines.get(0)).isEqualTo("cluster c-1  1970-01-01T00:00:00Z  q quits");
    assertThat(String.join("\n", lines))
        .contains("1,234", "5.0 GiB", "unreachable", "1,000,000", "17,000", "61.5 s")
        .contains("the busiest 1 of 812 topics; not all replicas were told")
        .contains("the latest 1 of 40 consumer groups; 20 are asked each time, in turn")
        .contains("falling behind");
  }
}
