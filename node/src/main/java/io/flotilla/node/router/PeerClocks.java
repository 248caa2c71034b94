package io.flotilla.node.router;

import com.google.common.util.concurrent.ListenableFuture;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.model.NodeClocks;
import io.flotilla.proto.internal.v1.HelloRequest;
import io.flotilla.proto.internal.v1.HelloResponse;
import io.flotilla.proto.internal.v1.PeerServiceGrpc;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks other nodes for their clocks, all at once. Safe. */
public final class PeerClocks implements NodeClocks {

  private static final Logger LOG = LoggerFactory.getLogger(PeerClocks.class);
  private static final long TIMEOUT_MS = 1_000;

  private final Router router;

  public PeerClocks(Router router) {
    this.router = router;
  }

  @Override
  public Map<Integer, Long> ask(Set<Integer> nodes) {
    HelloRequest request = HelloRequest.newBuilder().setNodeId(router.nodeId()).build();
    Map<Integer, ListenableFuture<HelloResponse>> asked = new HashMap<>();
    for (int node : nodes) {
      try {
        asked.put(
            node,
            PeerServiceGrpc.newFutureStub(router.channel(node))
                .withDeadlineAfter(TIMEOUT_MS, TimeUnit.MILLISECONDS)
                .hello(request));
      } catch (FlotillaException e) {
        LOG.debug("node {} cannot be asked for its clock", node, e);
      }
    }
    Map<Integer, Long> clocks = new HashMap<>();
    for (Map.Entry<Integer, ListenableFuture<HelloResponse>> one : asked.entrySet()) {
      try {
        clocks.put(one.getKey(), one.getValue().get().getTimeUnixMs());
      } catch (ExecutionException e) {
        LOG.debug("node {} did not tell its clock", one.getKey(), e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return clocks;
      }
    }
    return clocks;
  }
}
