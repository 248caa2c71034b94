package io.flotilla.console.page;

import io.flotilla.client.GroupDescription;
import io.flotilla.console.watch.GroupLook;
import io.flotilla.console.watch.Watch;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A group in a list; what is null is not known yet. */
record GroupRow(
    String name,
    String state,
    int members,
    @Nullable Long lagEvents,
    @Nullable Long lagMs,
    @Nullable Double consumed,
    @Nullable Boolean fallingBehind,
    @Nullable Long lookedMs) {

  /** The worst ones first; those that are not known yet last. */
  static final Comparator<GroupRow> WORST =
      Comparator.<GroupRow>comparingLong(row -> row.lagMs == null ? -1 : row.lagMs)
          .thenComparingLong(row -> row.lagEvents == null ? -1 : row.lagEvents)
          .reversed()
          .thenComparing(row -> row.name);

  static List<GroupRow> all(Watch watch) {
    return watch.groups().stream().map(group -> of(group, watch.groupLook(group.name()))).toList();
  }

  private static GroupRow of(GroupDescription group, @Nullable GroupLook look) {
    return new GroupRow(
        group.name(),
        group.state().name().toLowerCase(Locale.ROOT),
        group.memberCount(),
        look == null ? null : look.lagEvents(),
        look == null ? null : look.lagMs(),
        look == null ? null : look.consumed(),
        look == null ? null : look.fallingBehind(),
        look == null ? null : look.atMs());
  }
}
