package io.flotilla.cli;

import java.util.List;

/** What {@code flotilla} alone says: ten lines to begin with. */
final class Welcome {

  static final List<String> LINES =
      List.of(
          "Flotilla: a clustered event broker, a Raft group per partition.",
          "",
          "  see it      flotilla demo",
          "  start       flotilla up                            (keep it open; then, elsewhere:)",
          "  create      flotilla topic create orders --partitions 3",
          "  publish     echo hello | flotilla publish orders",
          "  subscribe   flotilla subscribe orders --from earliest",
          "  look        flotilla cluster describe",
          "",
          "flotilla --help lists all commands; each has examples in its own --help.");

  private Welcome() {}
}
