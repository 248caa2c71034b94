package io.flotilla.node.grpc.verify;

import com.google.protobuf.ByteString;
import io.flotilla.proto.internal.v1.DigestReplicaResponse;
import io.flotilla.proto.v1.ReplicaVerdict;
import io.flotilla.proto.v1.ReplicaVerification;

/** What a verification knows of one replica so far. Confined to the verification's thread. */
final class VerifiedReplica {

  private final ReplicaVerification.Builder found;
  private boolean comparing = true;

  VerifiedReplica(int node) {
    this.found = ReplicaVerification.newBuilder().setNodeId(node);
  }

  int node() {
    return found.getNodeId();
  }

  /** No verdict has taken it out of the comparison. */
  boolean comparing() {
    return comparing;
  }

  long logStart() {
    return found.getLogStartOffset();
  }

  long highWatermark() {
    return found.getHighWatermark();
  }

  ByteString chain() {
    return found.getChain();
  }

  void numbers(DigestReplicaResponse told) {
    found
        .setLogStartOffset(told.getLogStartOffset())
        .setHighWatermark(told.getHighWatermark())
        .setChain(told.getChain());
  }

  /** A piece of it was compared and is as the others'. */
  void add(DigestReplicaResponse piece) {
    found
        .setBatches(found.getBatches() + piece.getBatches())
        .setEvents(found.getEvents() + piece.getEvents())
        .setBytes(found.getBytes() + piece.getBytes());
  }

  /** It takes no further part. */
  void bad(ReplicaVerdict verdict, long offset, String detail) {
    comparing = false;
    found.setVerdict(verdict).setBadOffset(offset).setDetail(detail);
  }

  /** The last word on one that nothing was found against. */
  void good(ReplicaVerdict verdict, String detail) {
    found.setVerdict(verdict).setDetail(detail);
  }

  ReplicaVerification toProto() {
    return found.build();
  }
}
