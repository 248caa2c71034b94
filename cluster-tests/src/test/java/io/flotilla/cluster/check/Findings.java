package io.flotilla.cluster.check;

import io.flotilla.cluster.check.Violation.Invariant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What judges have found; only the first few of each kind. Confined. */
final class Findings {
  private static final int FACTS_PER_INVARIANT_MAX = 5;

  private final Map<Invariant, List<Violation>> found = new EnumMap<>(Invariant.class);

  void report(Invariant invariant, String facts) {
    List<Violation> same = found.computeIfAbsent(invariant, i -> new ArrayList<>());
    if (same.size() < FACTS_PER_INVARIANT_MAX) {
      same.add(new Violation(invariant, facts));
    }
  }

  List<Violation> all() {
    return found.values().stream().flatMap(List::stream).toList();
  }
}
