package io.flotilla.cli.bench;

import io.flotilla.cli.output.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The figures of one answer, as people read them: a name and a value a line. Confined. */
final class Figures {

  private final List<Map.Entry<String, String>> rows = new ArrayList<>();

  Figures add(String name, String value) {
    rows.add(Map.entry(name, value));
    return this;
  }

  /** What the nodes and this client took, as far as that can be seen. */
  Figures costs(@Nullable Cost nodes, @Nullable Cost client) {
    add(
        "nodes",
        nodes == null
            ? "not all on this machine, so not looked at"
            : nodes.processes() + " here: " + nodes.text());
    return client == null ? this : add("this client", client.text());
  }

  List<String> lines() {
    return new Table<Map.Entry<String, String>>()
        .text("FIGURE", Map.Entry::getKey)
        .text("VALUE", Map.Entry::getValue)
        .render(rows, true);
  }
}
