package io.flotilla.node.raft;

import com.google.protobuf.InvalidProtocolBufferException;
import io.flotilla.node.core.Applied;
import io.flotilla.node.store.Keys;
import io.flotilla.node.store.Table;
import io.flotilla.node.store.View;
import io.flotilla.node.store.WriteBatch;
import io.flotilla.proto.state.v1.AppliedState;

/** The rows of table RAFT: how far each group has been applied. Stateless. */
public final class AppliedRow {

  private AppliedRow() {}

  /** The last entry whose effects the view holds; {@link Applied#NONE} when there is none. */
  public static Applied of(View view, long group) {
    AppliedState state = state(view, group);
    return state.getTerm() == 0 ? Applied.NONE : new Applied(state.getTerm(), state.getIndex());
  }

  /** The Raft log here is older than the rows, all of it, and is to be deleted. */
  static boolean discardsLog(View view, long group) {
    return state(view, group).getDiscardLog();
  }

  private static AppliedState state(View view, long group) {
    byte[] row = view.get(Table.RAFT, Keys.of(group));
    try {
      return row == null ? AppliedState.getDefaultInstance() : AppliedState.parseFrom(row);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("group " + group + ": applied index is unreadable", e);
    }
  }

  static void put(WriteBatch batch, long group, Applied at, boolean discardLog) {
    AppliedState state =
        AppliedState.newBuilder()
            .setTerm(at.term())
            .setIndex(at.index())
            .setDiscardLog(discardLog)
            .build();
    batch.put(Table.RAFT, Keys.of(group), state.toByteArray());
  }
}
