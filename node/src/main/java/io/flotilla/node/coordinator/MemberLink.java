package io.flotilla.node.coordinator;

import io.flotilla.node.model.FlotillaException;
import io.flotilla.proto.internal.v1.OpenSessionResponse;

/**
 * The way to a member, through the node that serves it. Called on flotilla-coordinator: hand off.
 */
public interface MemberLink {

  void send(OpenSessionResponse news);

  /** The session is over; nothing is sent after it. */
  void end(FlotillaException why);
}
