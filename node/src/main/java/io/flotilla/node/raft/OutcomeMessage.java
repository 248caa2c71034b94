package io.flotilla.node.raft;

import com.google.protobuf.ByteString;
import org.apache.ratis.protocol.Message;

/** An outcome on its way back to the proposer, who is in this process: carried, not copied. */
record OutcomeMessage(ByteString outcome) implements Message {
  @Override
  public org.apache.ratis.thirdparty.com.google.protobuf.ByteString getContent() {
    return Bytes.toRatis(outcome);
  }
}
