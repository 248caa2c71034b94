package io.flotilla.cli;

import java.util.List;

/** What {@code flotilla} alone says: ten lines to begin with. */
final class Welcome {

  static final List<String> LINES =
      List.of(
          "Flotilla: a clustered event broker, a Raft group per partition.",
          "",
          "  see it      flotilla demo",
          "  start       flotilla up --dev                      (keep it open; then, elsewhere:)",
          "  publish     echo hello | flotilla publish orders   (creates it, with --dev)",
          "  subscribe   flotilla subscribe orders --from earliest",
          "  find        flotilla search orders --where value~hello",
          "  look        flotilla cluster describe",
          "",
          "flotilla --help lists all commands; each has examples in its own --help.");

  private Welcome() {}
}
