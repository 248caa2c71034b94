package io.flotilla.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.cluster.harness.Await;
import io.flotilla.cluster.harness.NodeProcess;
import io.flotilla.cluster.harness.Script;
import io.flotilla.cluster.harness.TestCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code flotilla doctor} finds what was done to a cluster, and nothing when nothing was. */
class DoctorTest {
  private static final Duration SOON = Duration.ofSeconds(60);

  @RegisterExtension static final TestCluster cluster = TestCluster.of(3);

  private static Script.Result doctor(String servers, String... options) {
    List<String> words = new ArrayList<>(List.of("./flotilla", "doctor", "--server", servers));
    words.addAll(List.of(options));
    return Script.in(NodeProcess.home()).run(SOON, words.toArray(String[]::new));
  }

  @Test
  void theDoctorFindsANodeThatIsDownAndNothingElse() {
    cluster.createTopic("orders", 3);
    cluster.awaitReady();
    cluster.awaitCaughtUp();
    // Not the disk, which is the machine's; nor, where asking takes seconds, the clocks.
    String all =
        "Connection,NodeDown,MetadataLeaderless,PartitionsLeaderless,ReplicaDamaged,"
            + "UnderReplicated,FollowersBehind,VersionMix,LimitsNear,GroupLagging";
    Script.Result well = doctor(cluster.servers(), "--only", all, "--fail-on", "warn");
    assertThat(well.exitCode()).as(well.output()).isZero();
    assertThat(well.lastLine()).isEqualTo("nothing is wrong");

    cluster.kill(3);
    Await.until(
        "partitions have leaders again",
        SOON,
        () -> doctor(cluster.server(1), "--only", "PartitionsLeaderless").exitCode() == 0);

    Script.Result ill = doctor(cluster.server(1));
    assertThat(ill.exitCode()).as(ill.output()).isEqualTo(1);
    assertThat(ill.output())
        .contains("node 3 at ", "does not answer the others", "#flotillanodedown")
        .contains("3 of 3 partitions lack their replica on node 3");
    assertThat(ill.lastLine()).isEqualTo("something is wrong: fail");
    assertThat(doctor(cluster.server(1), "--only", "NodeDown", "-o", "json").output())
        .contains("\"check\" : \"NodeDown\"", "\"result\" : \"fail\"");

    Script.Result gone = doctor(cluster.server(3), "--timeout", "2s");
    assertThat(gone.exitCode()).as(gone.output()).isEqualTo(1);
    assertThat(gone.output()).contains("name resolved, nobody accepts a connection");
    cluster.start(3);
    cluster.awaitReady();
  }
}
