package io.flotilla.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.cluster.harness.Await;
import io.flotilla.cluster.harness.TestCluster;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What every gRPC tool expects of a server is there: health and reflection. */
class StandardServicesTest {
  private static final Duration SOON = Duration.ofSeconds(10);

  @RegisterExtension static final TestCluster cluster = TestCluster.shared();

  @Test
  void everyNodeSaysThatItServes() {
    cluster
        .ids()
        .forEach(
            node ->
                assertThat(
                        cluster
                            .wire(node)
                            .health()
                            .check(HealthCheckRequest.getDefaultInstance())
                            .getStatus())
                    .isEqualTo(ServingStatus.SERVING));
  }

  @Test
  void reflectionListsThePublicServices() {
    Queue<ServerReflectionResponse> answers = new ConcurrentLinkedQueue<>();
    StreamObserver<ServerReflectionRequest> questions =
        ServerReflectionGrpc.newStub(cluster.wire(1).channel())
            .serverReflectionInfo(new Collector(answers));
    questions.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());

    ServerReflectionResponse answer =
        Await.value("reflection answers", SOON, () -> Optional.ofNullable(answers.peek()));
    questions.onCompleted();

    List<String> services =
        answer.getListServicesResponse().getServiceList().stream()
            .map(ServiceResponse::getName)
            .toList();
    assertThat(services)
        .contains(
            "flotilla.v1.ProducerService",
            "flotilla.v1.ConsumerService",
            "flotilla.v1.AdminService",
            "flotilla.v1.ClusterService",
            "grpc.health.v1.Health");
  }

  /** Keeps what comes; a failure shows as an answer that never comes. */
  private record Collector(Queue<ServerReflectionResponse> answers)
      implements StreamObserver<ServerReflectionResponse> {
    @Override
    public void onNext(ServerReflectionResponse answer) {
      answers.add(answer);
    }

    @Override
    public void onError(Throwable failure) {
      System.out.println("reflection: " + failure);
    }

    @Override
    public void onCompleted() {}
  }
}
