package io.flotilla.cluster.badinput;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.cluster.harness.TestCluster;
import io.flotilla.cluster.harness.Wire;
import io.flotilla.cluster.workload.Batches;
import io.flotilla.cluster.workload.Refusal;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.types.v1.Options;
import io.flotilla.proto.v1.PublishRequest;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A call that must be refused.
 *
 * @param name what is wrong with it
 * @param call makes it, blocking, and throws what came back
 * @param reasons what it may be refused with; the status code follows from the catalogue
 */
record BadRequest(String name, Consumer<Wire> call, Set<ErrorReason> reasons) {
  /** A topic that is there, with {@link #PARTITIONS} partitions, for requests wrong elsewhere. */
  static final String TOPIC = "well";

  static final int PARTITIONS = 2;

  static BadRequest of(String name, Consumer<Wire> call, ErrorReason... reasons) {
    return new BadRequest(name, call, Set.of(reasons));
  }

  /** Sends it to every node: who leads and who forwards must answer the same. */
  void isRefusedBy(TestCluster cluster) {
    cluster
        .ids()
        .forEach(
            node -> {
              Refusal refusal = Refusal.of(() -> call.accept(cluster.wire(node)));
              assertThat(refusal.reason()).as("node %d: %s", node, refusal).isIn(reasons);
              assertThat(refusal.code().value())
                  .as("node %d: code of %s", node, refusal)
                  .isEqualTo(codeOf(refusal.reason()));
              if (refusal.reason() == ErrorReason.ERROR_REASON_OFFSET_OUT_OF_RANGE) {
                assertThat(refusal.metadata()).containsKeys("log_start", "end");
              }
              assertThat(refusal.message()).as("node %d: message", node).hasSizeGreaterThan(10);
            });
    leavesEveryNodeHealthy(cluster);
  }

  /** Health says SERVING, and an event goes in. */
  static void leavesEveryNodeHealthy(TestCluster cluster) {
    cluster
        .ids()
        .forEach(
            node -> {
              Wire wire = cluster.wire(node);
              assertThat(wire.health().check(HealthCheckRequest.getDefaultInstance()).getStatus())
                  .isEqualTo(ServingStatus.SERVING);
              PublishRequest good =
                  PublishRequest.newBuilder()
                      .setTopic(TOPIC)
                      .addEvents(Batches.event("key", "healthy"))
                      .build();
              assertThat(wire.producer().publish(good).getPositionsCount()).isEqualTo(1);
            });
  }

  /** The canonical code that the catalogue declares for a reason. */
  static int codeOf(ErrorReason reason) {
    return reason.getValueDescriptor().getOptions().getExtension(Options.error).getCode();
  }

  @Override
  public String toString() {
    return name;
  }
}
