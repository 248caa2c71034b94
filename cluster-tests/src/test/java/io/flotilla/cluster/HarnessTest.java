package io.flotilla.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.cluster.harness.Await;
import io.flotilla.cluster.harness.Corruption;
import io.flotilla.cluster.harness.FaultProxy;
import io.flotilla.cluster.harness.Script;
import io.flotilla.cluster.harness.TestCluster;
import io.flotilla.cluster.harness.Wire;
import io.flotilla.proto.v1.ListTopicsRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The faults are real: what is killed is gone, what is paused is silent, what is cut is cut. */
class HarnessTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final long SHORT_MILLIS = 1_000;

  @RegisterExtension static final TestCluster cluster = TestCluster.of(1);

  @Test
  void killedNodeIsGoneAndStartedNodeAnswers() {
    long pid = cluster.node(1).pid();

    cluster.kill(1);

    assertThat(ProcessHandle.of(pid)).isEmpty();
    // A call that meets the connection while it breaks ends with UNKNOWN; the ones after it do not.
    Await.until(
        "calls find nobody", SOON, () -> failure(cluster.wire(1)) == Status.Code.UNAVAILABLE);
    cluster.start(1);
    cluster.awaitReady();
    assertThat(cluster.node(1).pid()).isNotEqualTo(pid);
  }

  @Test
  void pausedNodeIsSilentAndResumedNodeAnswers() {
    long pid = cluster.node(1).pid();

    cluster.pause(1);

    assertThat(failure(cluster.wire(1))).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    cluster.resume(1);
    Await.until("the node answers", SOON, () -> answers(cluster.wire(1)));
    assertThat(cluster.node(1).pid()).isEqualTo(pid);
  }

  @Test
  void terminatedNodeEndsByItselfWithCodeZero() {
    Duration took = cluster.terminate(1);

    System.out.println("an idle node stopped after " + took.toMillis() + " ms");
    assertThat(cluster.node(1).isRunning()).isFalse();
    cluster.start(1);
    cluster.awaitReady();
  }

  @Test
  void wipedNodeHasNothingLeftAndARunningOneIsNotWiped() {
    assertThatThrownBy(() -> cluster.wipe(1)).isInstanceOf(AssertionError.class);
    cluster.kill(1);

    cluster.wipe(1);

    assertThat(cluster.node(1).data()).doesNotExist();
    cluster.start(1);
    cluster.awaitReady();
    assertThat(cluster.replicas()).isEmpty();
  }

  @Test
  void corruptedFilesAreOthersThanBefore() throws IOException {
    cluster.terminate(1);
    for (Corruption corruption : Corruption.values()) {
      Path copy = cluster.node(1).folder().resolve("copy-" + corruption);
      Script.in(cluster.node(1).folder())
          .run(SOON, "cp", "-r", cluster.node(1).data().toString(), copy.toString());
      List<Path> files = corruption.files(cluster.node(1).data());
      assertThat(files).as("%s", corruption).isNotEmpty();

      corruption.in(copy);

      for (Path file : files) {
        Path damaged = copy.resolve(cluster.node(1).data().relativize(file));
        boolean same = Files.exists(damaged) && Files.mismatch(file, damaged) < 0;
        assertThat(same).as("%s %s", corruption, file).isFalse();
      }
    }
    cluster.start(1);
    cluster.awaitReady();
  }

  @Test
  void proxyCutsHoldsAndHeals() {
    try (FaultProxy proxy = FaultProxy.to(cluster.node(1).clientPort());
        Wire wire = Wire.to(proxy.port())) {
      assertThat(answers(wire)).isTrue();

      proxy.cut();
      // UNKNOWN: what grpc-java says of a call that was sent while its connection broke.
      assertThat(failure(wire)).isIn(Status.Code.UNAVAILABLE, Status.Code.UNKNOWN);
      assertThat(failure(wire)).isEqualTo(Status.Code.UNAVAILABLE);
      proxy.heal();
      Await.until("the healed proxy passes calls", SOON, () -> answers(wire));

      proxy.halfOpen();
      assertThat(failure(wire)).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
      proxy.heal();
      Await.until("the healed proxy passes answers", SOON, () -> answers(wire));
    }
  }

  @Test
  void proxyDelays() {
    try (FaultProxy proxy = FaultProxy.to(cluster.node(1).clientPort());
        Wire wire = Wire.to(proxy.port())) {
      assertThat(answers(wire)).isTrue();
      proxy.delay(Duration.ofMillis(100));
      long begin = System.nanoTime();

      assertThat(answers(wire)).isTrue();

      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(190));
    }
  }

  @Test
  void verbsOnAnUnknownNodeAreRefused() {
    assertThatThrownBy(() -> cluster.kill(2)).hasMessageContaining("no node 2");
  }

  private static boolean answers(Wire wire) {
    wire.admin().listTopics(ListTopicsRequest.getDefaultInstance());
    return true;
  }

  private static Status.Code failure(Wire wire) {
    try {
      wire.admin()
          .withDeadlineAfter(SHORT_MILLIS, TimeUnit.MILLISECONDS)
          .listTopics(ListTopicsRequest.getDefaultInstance());
      return Status.Code.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus().getCode();
    }
  }
}
