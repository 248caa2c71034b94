package io.flotilla.cluster.languages;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.cluster.harness.NodeProcess;
import io.flotilla.cluster.harness.Script;
import io.flotilla.cluster.harness.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@code proto/check} is content with the protocol as it is: it keeps its style, and breaks nobody
 * who has generated a stub from the last release. And it would say so if it did. Without npm it is
 * skipped, aloud; in CI it is not.
 */
class ProtoCheckTest {
  private static final Path PROTO = NodeProcess.home().resolve("proto");
  private static final Duration CHECK_MAX = Duration.ofMinutes(3);

  @BeforeAll
  static void assumeNpm() {
    Tools.assumeNpm();
  }

  @Test
  void protocolIsTidyAndBreaksNobody() {
    Script.Result checked = check(PROTO);
    assertThat(checked.exitCode()).as(checked.output()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "event.proto | headers = 3; | headers = 30; | headers",
        "event.proto | optional bytes value = 2; | optional string value = 2; | changed type",
        "event.proto | COMPRESSION_LZ4 = 3; | COMPRESSION_LZO = 3; | COMPRESSION_LZ4",
        "producer_service.proto | rpc OpenProducer( | rpc OpenTheProducer( | on service",
        "consumer_service.proto | bool until_end = 6; | reserved 6; | until_end",
        "event.proto | START_FROM_TIME = 4; | TIME = 4; | START_FROM_",
        "errors.proto | // The leader's client port. | // | port",
      })
  void whatBreaksAStubOrTheStyleIsCaught(
      String file, String was, String becomes, String said, @TempDir Path copy) throws IOException {
    copyTo(copy);
    Path changed = copy.resolve("src/main/proto/flotilla/v1").resolve(file);
    String before = Files.readString(changed);
    assertThat(before).contains(was);
    Files.writeString(changed, before.replace(was, becomes));

    Script.Result checked = check(copy);

    assertThat(checked.exitCode()).as(checked.output()).isNotZero();
    assertThat(checked.output()).contains(file, said);
  }

  private static void copyTo(Path copy) throws IOException {
    List<Path> files;
    try (Stream<Path> found = Files.walk(PROTO.resolve("src"))) {
      files = found.filter(Files::isRegularFile).toList();
    }
    for (Path file : files) {
      Path target = copy.resolve(PROTO.relativize(file));
      Files.createDirectories(target.getParent());
      Files.copy(file, target);
    }
    for (String name : new String[] {"buf.yaml", "baseline.binpb"}) {
      Files.copy(PROTO.resolve(name), copy.resolve(name));
    }
  }

  private static Script.Result check(Path folder) {
    return Script.in(PROTO).run(CHECK_MAX, "./check", folder.toString());
  }
}
