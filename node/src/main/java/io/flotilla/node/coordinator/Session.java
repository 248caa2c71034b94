package io.flotilla.node.coordinator;

import io.flotilla.node.model.FlotillaException;
import io.flotilla.proto.internal.v1.OpenSessionResponse;
import io.flotilla.proto.internal.v1.SessionAssignment;
import io.flotilla.proto.internal.v1.SessionJoined;
import org.jspecify.annotations.Nullable;

/** A member's session, as long as its stream lasts. Confined to flotilla-coordinator. */
final class Session {

  private final String group;
  private final int node;
  private final MemberLink link;
  private String memberId = "";
  private String instanceId = "";
  private @Nullable SessionAssignment told;
  private boolean over;
  private boolean leaves;

  Session(String group, int node, MemberLink link) {
    this.group = group;
    this.node = node;
    this.link = link;
  }

  String group() {
    return group;
  }

  /** The node that serves the member. */
  int node() {
    return node;
  }

  /** Empty until the member is in. */
  String memberId() {
    return memberId;
  }

  /** Empty = none. */
  String instanceId() {
    return instanceId;
  }

  /** Its stream has ended, or was ended. */
  boolean over() {
    return over;
  }

  /** The member said that it leaves: its session ends when the group has let it go. */
  boolean leaves() {
    return leaves;
  }

  void leave() {
    leaves = true;
  }

  void joined(SessionJoined as, String itsInstanceId) {
    memberId = as.getMemberId();
    instanceId = itsInstanceId;
    link.send(OpenSessionResponse.newBuilder().setJoined(as).build());
  }

  /** Tells what the member has, if that is news. */
  void assign(SessionAssignment assignment) {
    if (told == null || !told.getPartitionsList().equals(assignment.getPartitionsList())) {
      told = assignment;
      link.send(OpenSessionResponse.newBuilder().setAssignment(assignment).build());
    }
  }

  void end(FlotillaException why) {
    if (!over) {
      over = true;
      link.end(why);
    }
  }

  /** Its stream has ended. */
  void broken() {
    over = true;
  }
}
