package io.flotilla.node.router;

import io.flotilla.node.config.ClusterNode;
import io.flotilla.node.core.metadata.NodeInfo;
import io.flotilla.node.model.NodeIdentity;
import io.flotilla.proto.state.v1.MetadataCommand;
import io.flotilla.proto.state.v1.RegisterNode;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the metadata who this node is and where, at each start, and waits until this node has heard
 * of it itself: then it knows the cluster and may serve.
 */
public final class Registration implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Registration.class);
  private static final Duration TRY = Duration.ofSeconds(10);
  private static final long AGAIN_MS = 100;

  private final Router router;
  private final RegisterNode self;
  private final CountDownLatch known = new CountDownLatch(1);
  private volatile boolean closed;

  public Registration(
      Router router, ClusterNode node, NodeIdentity identity, String rack, String version) {
    this.router = router;
    this.self =
        RegisterNode.newBuilder()
            .setNodeId(node.id())
            .setIncarnation(identity.incarnation())
            .setHost(node.host())
            .setGrpcPort(node.grpcPort())
            .setRaftPort(node.raftPort())
            .setRack(rack)
            .setVersion(version)
            .build();
  }

  /** Returns when this node finds itself in the metadata, or is closed. */
  public void await() throws InterruptedException {
    Runnable forget = router.onImage(this::look);
    look();
    if (known.getCount() > 0) {
      register();
    }
    known.await();
    forget.run();
    confirm();
  }

  /** Catches up with the metadata once, and tries until that has worked; does not wait. */
  private void confirm() {
    var unused =
        router
            .catchUp()
            .orTimeout(TRY.toMillis(), TimeUnit.MILLISECONDS)
            .whenComplete(
                (done, fault) -> {
                  if (fault != null && !closed) {
                    CompletableFuture.delayedExecutor(AGAIN_MS, TimeUnit.MILLISECONDS)
                        .execute(this::confirm);
                  }
                });
  }

  private void look() {
    NodeInfo now = router.image().nodes().get(self.getNodeId());
    if (now != null && now.equals(expected())) {
      known.countDown();
    }
  }

  private NodeInfo expected() {
    return new NodeInfo(
        self.getNodeId(),
        self.getIncarnation(),
        self.getHost(),
        self.getGrpcPort(),
        self.getRaftPort(),
        self.getRack(),
        self.getVersion());
  }

  private void register() {
    CompletableFuture<?> done =
        router.propose(MetadataCommand.newBuilder().setRegisterNode(self).build(), TRY);
    var unused =
        done.whenComplete(
            (outcome, fault) -> {
              if (fault != null && !closed) {
                LOG.warn(
                    "the metadata has no leader yet; registering is tried again: {}", fault + "");
                register();
              }
            });
  }

  @Override
  public void close() {
    closed = true;
    known.countDown();
  }
}
