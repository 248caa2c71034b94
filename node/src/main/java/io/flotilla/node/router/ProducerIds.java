package io.flotilla.node.router;

import io.flotilla.proto.state.v1.AllocateProducerIds;
import io.flotilla.proto.state.v1.MetadataCommand;
import io.flotilla.proto.state.v1.OpenNamedProducer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Gives producers their identities. Anonymous ids come from blocks that this node takes from the
 * metadata, so that a thousand new producers cost one entry; what is left of a block is lost when
 * the node stops. Named ones ask the metadata each time, since their epoch must grow. Safe.
 */
final class ProducerIds {

  private static final int BLOCK = 1_000;
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private final MetadataClient metadata;
  private long next; // guarded by this
  private long end; // guarded by this
  private CompletableFuture<Void> refill = // guarded by this
      CompletableFuture.completedFuture(null);

  ProducerIds(MetadataClient metadata) {
    this.metadata = metadata;
  }

  CompletableFuture<ProducerIdentity> open(String name) {
    if (name.isEmpty()) {
      return anonymous();
    }
    MetadataCommand command =
        MetadataCommand.newBuilder()
            .setOpenNamedProducer(OpenNamedProducer.newBuilder().setName(name))
            .build();
    return metadata
        .propose(command, TIMEOUT)
        .thenApply(o -> new ProducerIdentity(o.getProducerId(), o.getProducerEpoch()));
  }

  private CompletableFuture<ProducerIdentity> anonymous() {
    CompletableFuture<Void> refilled;
    synchronized (this) { // guards next, end, refill
      if (next < end) {
        return CompletableFuture.completedFuture(new ProducerIdentity(next++, 0));
      }
      if (refill.isDone()) {
        refill = refill();
      }
      refilled = refill;
    }
    return refilled.thenCompose(done -> anonymous());
  }

  private CompletableFuture<Void> refill() {
    MetadataCommand command =
        MetadataCommand.newBuilder()
            .setAllocateProducerIds(AllocateProducerIds.newBuilder().setCount(BLOCK))
            .build();
    return metadata.propose(command, TIMEOUT).thenAccept(o -> install(o.getProducerId()));
  }

  private synchronized void install(long first) { // guards next, end
    next = first;
    end = first + BLOCK;
  }
}
