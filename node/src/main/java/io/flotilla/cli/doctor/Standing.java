package io.flotilla.cli.doctor;

import java.util.Locale;

/** How a group stands in one partition, the worst first. */
enum Standing {
  UNTOLD("GroupUntold"),
  NO_MEMBERS("GroupWithoutMembers"),
  OWNER_LOST("OwnerLost"),
  NOT_COMMITTING("OwnerNotCommitting"),
  NO_OWNER("PartitionWithoutOwner"),
  FALLING_BEHIND("GroupLagging"),
  EVENTS_DELETED("EventsDeleted"),
  CATCHING_UP(""),
  NEVER_COMMITTED(""),
  KEEPING_UP(""),
  CAUGHT_UP("");

  private final String cause;

  Standing(String cause) {
    this.cause = cause;
  }

  /** Its name as a cause; empty: it is none, for nothing is wrong. */
  String cause() {
    return cause;
  }

  boolean isWrong() {
    return !cause.isEmpty();
  }

  String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
