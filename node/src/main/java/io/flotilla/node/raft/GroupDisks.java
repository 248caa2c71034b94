package io.flotilla.node.raft;

import com.google.protobuf.InvalidProtocolBufferException;
import io.flotilla.node.disk.DurableFiles;
import io.flotilla.node.store.Keys;
import io.flotilla.node.store.Store;
import io.flotilla.node.store.Table;
import io.flotilla.node.store.View;
import io.flotilla.node.store.WriteBatch;
import io.flotilla.proto.state.v1.AppliedState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The groups' folders, before the Raft server opens them: which cannot be trusted, and how they are
 * put out of its way. Every file of every log is read once. Blocks; confined to the thread that
 * starts the node.
 */
public final class GroupDisks {

  private final Path dir;
  private final Path groups;
  private final Path floorsFile;

  /**
   * @param dir the folder of Raft
   */
  public GroupDisks(Path dir) {
    this.dir = dir;
    this.groups = dir.resolve(RatisSettings.GROUPS);
    this.floorsFile = dir.resolve(RaftHost.FLOORS);
  }

  /**
   * The groups that are damaged; torn ends are repaired on the way. For a node that belongs to a
   * cluster: then there must be something.
   */
  public List<DamagedGroup> damaged(Store store) throws IOException {
    // A log that a rebuild was about to discard ends before what the store has.
    GroupSwitch.finish(store, groups);
    finishRemovals(store);
    SortedMap<Long, Long> applied = applied(store);
    NavigableSet<Long> all = new TreeSet<>(onDisk());
    all.addAll(applied.keySet());
    Floors floors = Floors.read(floorsFile);
    if (floors == null) {
      all.add(GroupIds.METADATA);
      String what = floorsFile + " is missing or damaged, so nothing says how far the logs were";
      return all.stream().map(group -> new DamagedGroup(group, what)).toList();
    }
    // Garbled by a power cut at worst: then the synced ones are all there is.
    floors = floors.and(Floors.read(FloorKeeper.soonFile(floorsFile)));
    all.addAll(floors.byGroup().keySet());
    List<DamagedGroup> damaged = new ArrayList<>();
    for (long group : all) {
      long stored = applied.getOrDefault(group, -1L);
      String fault = new GroupInspection(group, folder(group), floors.of(group), stored).fault();
      if (fault != null) {
        damaged.add(new DamagedGroup(group, fault));
      }
    }
    return damaged;
  }

  /** A removal that a crash interrupted, or that the store forgot with it, is done again. */
  private void finishRemovals(Store store) throws IOException {
    Floors synced = Floors.read(floorsFile);
    List<Long> removed = synced == null ? List.of() : synced.removed();
    if (removed.isEmpty()) {
      return;
    }
    try (WriteBatch batch = store.newBatch()) {
      for (long group : removed) {
        delete(folder(group));
        dropApplied(group, batch);
      }
      store.commit(batch);
    }
    if (Files.isDirectory(groups)) {
      DurableFiles.syncFolder(groups);
    }
    store.flush();
    forget(removed);
  }

  /** All groups that there are here. */
  public List<Long> onDisk() throws IOException {
    if (!Files.isDirectory(groups)) {
      return List.of();
    }
    try (Stream<Path> folders = Files.list(groups)) {
      return folders
          .map(folder -> GroupIds.ofFolder(folder.getFileName().toString()))
          .filter(OptionalLong::isPresent)
          .map(OptionalLong::getAsLong)
          .sorted()
          .toList();
    }
  }

  private static SortedMap<Long, Long> applied(Store store) {
    SortedMap<Long, Long> applied = new TreeMap<>();
    try (View.Cursor rows = store.scan(Table.RAFT, Keys.FIRST, Keys.last())) {
      while (rows.next()) {
        AppliedState state = AppliedState.parseFrom(rows.value());
        applied.put(Keys.number(rows.key(), 0), state.getIndex());
      }
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("an applied index in the store is unreadable", e);
    }
    return applied;
  }

  /** Has the store forget how far the group was applied. */
  public static void dropApplied(long group, WriteBatch batch) {
    batch.delete(Table.RAFT, Keys.of(group));
  }

  /** Moves a group's folder into another one, in the place of an older one of the group. */
  public void setAside(long group, Path into) throws IOException {
    Path folder = folder(group);
    if (!Files.exists(folder)) {
      return;
    }
    Files.createDirectories(into);
    Path aside = into.resolve(folder.getFileName());
    delete(aside);
    Files.move(folder, aside);
    DurableFiles.syncFolder(into);
    DurableFiles.syncFolder(groups);
  }

  /** Forgets how far these groups were. The last step: until then they count as damaged. */
  public void forget(List<Long> gone) throws IOException {
    Floors known = Floors.read(floorsFile);
    TreeMap<Long, Floors.Floor> left =
        new TreeMap<>(known == null ? Floors.NONE.byGroup() : known.byGroup());
    Path soon = FloorKeeper.soonFile(floorsFile);
    if (known != null) {
      left.putAll(known.and(Floors.read(soon)).byGroup());
    }
    left.keySet().removeAll(gone);
    Files.createDirectories(dir);
    new Floors(left).write(floorsFile);
    Files.deleteIfExists(soon);
  }

  private Path folder(long group) {
    return groups.resolve(folderName(group));
  }

  /** The name of a group's folder. */
  public static String folderName(long group) {
    return GroupIds.toRatis(group).getUuid().toString();
  }

  /** Deletes a folder with all that is in it; not there: nothing happens. */
  public static void delete(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
