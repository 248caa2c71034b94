package io.flotilla.node.grpc.verify;

import io.flotilla.node.model.FlotillaException;
import io.flotilla.proto.internal.v1.DigestReplicaRequest;
import io.flotilla.proto.internal.v1.DigestReplicaResponse;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where a verification has its knowledge from: the nodes, asked all at once. */
@FunctionalInterface
interface ReplicaSource {

  /** What each node told, of those asked. Blocks; bounded by a timeout. */
  Map<Integer, Told> ask(Collection<Integer> nodes, DigestReplicaRequest request);

  /** An answer, or why there is none: one of the two. */
  record Told(@Nullable DigestReplicaResponse answer, @Nullable FlotillaException refusal) {}
}
