package io.flotilla.console.watch;

import io.flotilla.client.Admin;
import io.flotilla.client.FlotillaClientException;
import io.flotilla.client.GroupDescription;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far groups are, a few of them looked at with each sample, the longest unseen first, so that a
 * cluster with many costs no more than one with eight. Safe.
 */
final class GroupLooks {

  private static final Logger LOG = LoggerFactory.getLogger(GroupLooks.class);
  private static final int A_SAMPLE_MAX = 8;
  private static final int KEPT_MAX = 1_000;

  private volatile List<GroupDescription> listed = List.of();
  private volatile @Nullable String problem;
  private final Map<String, GroupLook> looks = new ConcurrentHashMap<>();

  /** Why they could not be listed the last time; null: they were. */
  @Nullable String problem() {
    return problem;
  }

  /** All groups as last listed. */
  List<GroupDescription> listed() {
    return listed;
  }

  /** Lists the groups anew, and forgets those that are gone. */
  void list(Admin admin) {
    listed = List.copyOf(admin.listGroups());
    looks
        .keySet()
        .retainAll(listed.stream().map(GroupDescription::name).collect(Collectors.toSet()));
  }

  /** Lists them, and looks at the next few. */
  void look(Admin admin) {
    try {
      list(admin);
      problem = null;
    } catch (FlotillaClientException e) {
      problem = e.getMessage();
      // A coordinator is between two leaders: those that were known are looked at all the same.
      LOG.debug("groups are not told", e);
    }
    List<String> names = listed.stream().limit(KEPT_MAX).map(GroupDescription::name).toList();
    names.stream()
        .sorted(Comparator.comparingLong(this::seen))
        .limit(A_SAMPLE_MAX)
        .forEach(name -> lookAt(admin, name));
  }

  private long seen(String name) {
    GroupLook look = looks.get(name);
    return look == null ? 0 : look.atMs();
  }

  private void lookAt(Admin admin, String name) {
    try {
      fresh(admin, name, Duration.ZERO);
    } catch (FlotillaClientException e) {
      // Gone meanwhile, or its coordinator is between two leaders: the next sample tries again.
      LOG.debug("a group is not told group={}", name, e);
    }
  }

  /** The group, looked at now unless that was done just before. */
  GroupLook fresh(Admin admin, String name, Duration notOlder) {
    GroupLook known = looks.get(name);
    if (known != null && System.nanoTime() - known.nanos() < notOlder.toNanos()) {
      return known;
    }
    GroupDescription group = admin.describeGroup(name);
    GroupLook look = new GroupLook(group, System.currentTimeMillis(), System.nanoTime());
    if (looks.containsKey(name) || looks.size() < KEPT_MAX) {
      looks.put(name, look);
    }
    return look;
  }

  @Nullable GroupLook known(String name) {
    return looks.get(name);
  }

  Collection<GroupLook> all() {
    return looks.values();
  }
}
