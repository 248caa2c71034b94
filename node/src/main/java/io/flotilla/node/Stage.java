package io.flotilla.node;

/** What a node does before and after it serves, as {@code /ready} says it. */
enum Stage {
  FORMING("starting: waits until every node of the new cluster answers"),
  OPENING("starting: opens its Raft groups"),
  REGISTERING("starting: waits until the metadata has a leader and names this node"),
  SERVING(""),
  LEAVING("leaving");

  private final String text;

  Stage(String text) {
    this.text = text;
  }

  /** Empty = it serves. */
  String text() {
    return text;
  }
}
