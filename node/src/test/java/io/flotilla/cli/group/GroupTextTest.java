package io.flotilla.cli.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.client.Assignor;
import io.flotilla.client.GroupChange;
import io.flotilla.client.GroupDescription;
import io.flotilla.client.GroupDescription.State;
import io.flotilla.client.GroupMemberDescription;
import io.flotilla.client.GroupPartitionDescription;
import io.flotilla.client.GroupPartitionDescription.Progress;
import io.flotilla.client.TopicPartition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class GroupTextTest {

  private static final Instant TIME = Instant.parse("2026-11-22T10:00:00Z");

  private static GroupPartitionDescription partition(int number, Progress progress) {
    return new GroupPartitionDescription(
        new TopicPartition("orders", number), "member-1", 7L, TIME, progress, null);
  }

  private static Progress progress(
      long events, int seconds, double published, @Nullable Duration catchUp, boolean falling) {
    return new Progress(
        0, 7 + events, events, Duration.ofSeconds(seconds), TIME, 100, published, catchUp, falling);
  }

  private static final Progress DONE = progress(0, 0, 50, null, false);

  private static GroupDescription group(int members, GroupPartitionDescription... partitions) {
    GroupMemberDescription member =
        new GroupMemberDescription(
            "member-1",
            "",
            "till",
            "10.0.0.7",
            "",
            2,
            List.of("orders"),
            TIME,
            List.of(new TopicPartition("orders", 4)),
            List.of(),
            Duration.ofSeconds(2));
    return new GroupDescription(
        "billing",
        State.STABLE,
        3,
        Assignor.STICKY,
        members,
        TIME,
        1,
        members == 0 ? List.of() : List.of(member),
        List.of(partitions),
        List.of(new GroupChange(3, TIME, "member-1 joined")));
  }

  private static String headline(int members, GroupPartitionDescription... partitions) {
    return GroupText.headline(group(members, partitions));
  }

  @Test
  void theHeadlineSaysHowFarBehindAndWhetherItGetsBetter() {
    assertThat(headline(1, partition(0, DONE))).isEqualTo("billing has caught up");
    Progress better = progress(3_180, 42, 10, Duration.ofSeconds(118), false);
    assertThat(headline(1, partition(0, DONE), partition(4, better)))
        .isEqualTo("billing is 42 s behind (3,180 events), catching up, clear in about 2 min");
    Progress worse = progress(900, 360, 410, null, true);
    assertThat(headline(1, partition(1, better), partition(4, worse)))
        .isEqualTo(
            "billing is 6 min behind (4,080 events), falling behind: +310 events/s,"
                + " worst orders-4");
    Progress unknown = progress(5, 1, 0, null, false);
    assertThat(headline(1, partition(0, unknown))).isEqualTo("billing is 1 s behind (5 events)");
  }

  @Test
  void theHeadlineSaysWhatIsMissing() {
    assertThat(headline(0)).isEqualTo("billing has no members");
    assertThat(headline(0, partition(0, progress(2, 42, 0, null, true))))
        .isEqualTo("billing has no members; 2 events wait, the oldest for 42 s");
    assertThat(headline(1)).isEqualTo("billing has nothing to read");
    GroupPartitionDescription silent =
        new GroupPartitionDescription(
            new TopicPartition("orders", 1), "", null, null, null, "no leader");
    assertThat(headline(1, partition(0, DONE), silent))
        .isEqualTo("billing has caught up; 1 partition cannot be told now");
  }

  @Test
  void spansHaveOneNumber() {
    assertThat(
            List.of(850L, 42_000L, 118_000L, 7_300_000L, 300_000_000L).stream()
                .map(millis -> GroupText.span(Duration.ofMillis(millis))))
        .containsExactly("850 ms", "42 s", "2 min", "2 h", "3 days");
  }

  @Test
  void tablesFitAndTheWorstIsFirst() {
    GroupDetail detail =
        GroupDetail.of(
            group(1, partition(0, DONE), partition(4, progress(3_180, 42, 10, null, false))));
    List<String> lines = new GroupTables(true, false).of(detail);
    assertThat(lines).allMatch(line -> line.length() <= 100);
    assertThat(lines.get(2))
        .isEqualTo("TOPIC   PARTITION  MEMBER    COMMITTED    END  LAG EVENTS  LAG S  EVENTS/S");
    assertThat(lines.get(3))
        .isEqualTo("orders          4  member-1          7  3,187       3,180   42.0       100");
    assertThat(lines.get(7))
        .isEqualTo("member-1  -         till    10.0.0.7     2           1         0");
    assertThat(lines).last().isEqualTo("         3  2026-11-22T10:00:00Z  member-1 joined");
  }
}
