package io.flotilla.node.router;

import io.flotilla.node.model.Leader;

/** Who answers for something. */
public sealed interface Route {
  /** This node. */
  record Here() implements Route {}

  /** Another node. */
  record There(Leader leader) implements Route {}

  /** Nobody that this node knows of, at the moment. */
  record Nowhere(String why) implements Route {}
}
