package io.flotilla.client;

/**
 * How far a call came with one server before it failed.
 *
 * @param server {@code host:port}
 * @param reached the last step that worked
 * @param problem what happened then, for humans
 */
public record ServerAttempt(String server, Reached reached, String problem) {

  /** The steps to an answer, in order. */
  public enum Reached {
    /** Not even the name could be resolved. */
    NOTHING,
    /** The name has an address, but nobody accepted a connection there. */
    NAME_RESOLVED,
    /** Somebody accepted a connection, but did not speak gRPC, or left before answering. */
    CONNECTED,
    /** A gRPC server answered. */
    GRPC_ANSWERED
  }
}
