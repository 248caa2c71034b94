package io.flotilla.cluster.languages;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.cluster.harness.Script;
import io.flotilla.cluster.harness.TestCluster;
import io.flotilla.proto.types.v1.Position;
import io.flotilla.proto.types.v1.StartFrom;
import io.flotilla.proto.v1.CommittedOffset;
import io.flotilla.proto.v1.FetchOffsetsRequest;
import io.flotilla.proto.v1.ListOffsetsRequest;
import io.flotilla.proto.v1.ListedOffset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The examples in all languages, on stock stubs: each publishes, subscribes, and is a member of a
 * group, through another node each time. Long for what C++ compiles. Languages whose tools are
 * missing are skipped, aloud; in CI none is.
 */
@Tag("long")
class OtherLanguagesTest {
  private static final int LINES_MAX = 39;
  private static final String GROUP = "readers";

  /** Where google.rpc comes with gRPC; elsewhere examples would grow by it. */
  private static final Set<Language> TELL_REASONS =
      EnumSet.of(Language.JAVA, Language.GO, Language.RUBY);

  @RegisterExtension static final TestCluster cluster = TestCluster.shared();

  @ParameterizedTest
  @EnumSource
  void stockStubPublishesSubscribesAndIsAMemberOfAGroup(Language language, @TempDir Path out) {
    language.assumeTools();
    language.build(out);
    String topic = "stubs-" + language.folderName();
    cluster.createTopic(topic, 3);

    List<String> places = new ArrayList<>();
    places.addAll(run(language, out, topic, "publish", 1, "1", "Bruno", "Carla"));
    places.addAll(run(language, out, topic, "publish", 1, "2", "Dora"));
    assertThat(places).doesNotHaveDuplicates().hasSize(3);
    List<String> events =
        List.of(
            places.get(0) + ": 1 Bruno", places.get(1) + ": 1 Carla", places.get(2) + ": 2 Dora");

    assertThat(run(language, out, topic, "subscribe", 2, "3"))
        .containsExactlyInAnyOrderElementsOf(events);
    assertThat(run(language, out, topic, "consume", 3, GROUP, "3"))
        .containsExactlyInAnyOrderElementsOf(events);
    assertThat(committed(topic)).isEqualTo(ends(topic));

    Script.Result refused = language.run(out, "publish", cluster.server(1), "nowhere", "1", "Ella");
    assertThat(refused.exitCode()).as(refused.output()).isNotZero();
    assertThat(refused.output()).contains("there is no topic \"nowhere\"");
    if (TELL_REASONS.contains(language)) {
      assertThat(refused.output()).contains("TOPIC_NOT_FOUND");
    }
  }

  /** Runs a program that must succeed; answers its lines without what its runtime has to say. */
  private static List<String> run(
      Language language, Path out, String topic, String program, int node, String... arguments) {
    String[] all =
        Stream.concat(Stream.of(cluster.server(node), topic), Stream.of(arguments))
            .toArray(String[]::new);
    Script.Result result = language.run(out, program, all);
    assertThat(result.exitCode()).as(result.output()).isZero();
    return result.lines().stream().filter(line -> line.startsWith(topic)).toList();
  }

  /** The group's committed offset in each partition; 0 where it has none. */
  private static Map<Integer, Long> committed(String topic) {
    return cluster
        .anyWire()
        .offsets()
        .fetchOffsets(FetchOffsetsRequest.newBuilder().setGroup(GROUP).setTopic(topic).build())
        .getOffsetsList()
        .stream()
        .collect(Collectors.toMap(CommittedOffset::getPartition, CommittedOffset::getOffset));
  }

  private static Map<Integer, Long> ends(String topic) {
    Position end = Position.newBuilder().setFrom(StartFrom.START_FROM_LATEST).build();
    return cluster
        .anyWire()
        .consumer()
        .listOffsets(ListOffsetsRequest.newBuilder().setTopic(topic).setPosition(end).build())
        .getOffsetsList()
        .stream()
        .collect(Collectors.toMap(ListedOffset::getPartition, ListedOffset::getOffset));
  }

  @Test
  void eachExampleIsShortAndNoLanguageIsLeftOut() throws IOException {
    List<String> folders = Stream.of(Language.values()).map(Language::folderName).toList();
    try (Stream<Path> found = Files.list(Language.EXAMPLES).filter(Files::isDirectory)) {
      assertThat(found.map(folder -> folder.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(folders);
    }
    for (Language language : Language.values()) {
      List<Path> programs;
      try (Stream<Path> files = Files.list(language.folder())) {
        programs = files.filter(OtherLanguagesTest::isProgram).toList();
      }
      assertThat(programs).as(language.folderName()).hasSize(3);
      for (Path program : programs) {
        assertThat(Files.readAllLines(program))
            .as("%s", program)
            .hasSizeLessThanOrEqualTo(LINES_MAX);
      }
    }
  }

  private static boolean isProgram(Path file) {
    return file.getFileName().toString().matches("(?i)(publish|subscribe|consume)\\.\\w+");
  }
}
