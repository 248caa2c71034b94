package io.flotilla.node.raft;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.concurrent.CompletableFuture;
import org.apache.ratis.proto.RaftProtos.StateMachineLogEntryProto;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeerId;
import org.junit.jupiter.api.Test;

/** What becomes of entries that were under way when another leader came. */
class OpenProposalsTest {

  private static final ByteString OUTCOME = ByteString.copyFromUtf8("42");

  private final ClientId self = ClientId.randomId();
  private final OpenProposals open = new OpenProposals();

  private Proposal appended(long callId, long term) {
    Proposal proposal = new Proposal(ByteString.copyFromUtf8("command"));
    open.append(
        RaftClientRequest.newBuilder()
            .setClientId(self)
            .setServerId(RaftPeerId.valueOf("1.aa"))
            .setGroupId(RaftGroupId.randomId())
            .setCallId(callId)
            .setMessage(proposal)
            .setType(RaftClientRequest.writeRequestType())
            .build(),
        term);
    return proposal;
  }

  private static StateMachineLogEntryProto entry(ClientId client, long callId) {
    return StateMachineLogEntryProto.newBuilder()
        .setClientId(client.toByteString())
        .setCallId(callId)
        .build();
  }

  private static void endedAs(ProposalException.Kind kind, CompletableFuture<ByteString> fate) {
    assertThat(fate.handle((outcome, fault) -> fault))
        .isCompletedWithValueMatching(
            fault -> fault instanceof ProposalException why && why.kind() == kind);
  }

  @Test
  void whatTheNextLeaderCommittedIsAnsweredAndTheRestIsLost() {
    Proposal committed = appended(1, 7);
    Proposal cutOff = appended(2, 7);

    open.applied(entry(self, 1), OUTCOME);
    open.reached(7);
    assertThat(cutOff.fate()).isNotDone();
    open.reached(8);

    assertThat(committed.fate()).isCompletedWithValue(OUTCOME);
    endedAs(ProposalException.Kind.NOT_LEADER, cutOff.fate());
    assertThat(open.size()).isZero();
  }

  @Test
  void anEntryOfAnotherNodeIsNotTakenForOnesOwn() {
    Proposal mine = appended(1, 7);

    open.applied(entry(ClientId.randomId(), 1), OUTCOME);

    assertThat(mine.fate()).isNotDone();
  }

  @Test
  void anEntryOfANewerTermOutlivesAnOlderOne() {
    open.reached(7);
    Proposal next = appended(1, 8);
    open.reached(8);
    assertThat(next.fate()).isNotDone();
    open.applied(entry(self, 1), OUTCOME);

    assertThat(next.fate()).isCompletedWithValue(OUTCOME);
  }

  @Test
  void whatIsUnderWayWhenTheReplicaClosesIsNotKnown() {
    Proposal before = appended(1, 7);
    open.close();
    Proposal after = appended(2, 7);

    endedAs(ProposalException.Kind.UNKNOWN, before.fate());
    endedAs(ProposalException.Kind.UNKNOWN, after.fate());
    assertThat(open.size()).isZero();
  }
}
