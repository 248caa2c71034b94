package io.flotilla.node.raft;

import io.flotilla.node.disk.DurableFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * How far this node's Raft logs had come, in a file of its own, so that a log that was shortened or
 * lost is recognised. A line a group: number, index, term; then a CRC-32C. Immutable.
 */
record Floors(SortedMap<Long, Floor> byGroup) {

  static final Floors NONE = new Floors(new TreeMap<>());

  /**
   * A group's.
   *
   * @param index the last entry that was on disk; -1 = none, -2 = the group was removed
   * @param term the term that it had seen
   */
  record Floor(long index, long term) {
    static final Floor NOTHING = new Floor(-1, 0);

    /** The group was removed on purpose: that its log is gone is no damage. */
    static final Floor REMOVED = new Floor(-2, 0);

    private Floor max(Floor other) {
      if (isRemoved() || other.isRemoved()) {
        return REMOVED;
      }
      return new Floor(Math.max(index, other.index), Math.max(term, other.term));
    }

    boolean isRemoved() {
      return equals(REMOVED);
    }

    boolean isNothing() {
      return index < 0 && term <= 0;
    }
  }

  /** Groups that were removed on purpose, of which something may be left. */
  List<Long> removed() {
    return byGroup.entrySet().stream()
        .filter(each -> each.getValue().isRemoved())
        .map(Map.Entry::getKey)
        .toList();
  }

  Floor of(long group) {
    return byGroup.getOrDefault(group, Floor.NOTHING);
  }

  /** Reads the file; null when it is missing or not as it was written. */
  static @Nullable Floors read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return null;
    }
    String text = new String(Files.readAllBytes(file), StandardCharsets.US_ASCII);
    int end = text.lastIndexOf("crc ");
    if (end < 0 || !text.substring(end).equals(crc(text.substring(0, end)))) {
      return null;
    }
    SortedMap<Long, Floor> byGroup = new TreeMap<>();
    text.substring(0, end)
        .lines()
        .map(line -> line.split(" ", -1))
        .forEach(
            row ->
                byGroup.put(
                    Long.parseLong(row[0]),
                    new Floor(Long.parseLong(row[1]), Long.parseLong(row[2]))));
    return new Floors(byGroup);
  }

  /** The higher one of each group's. */
  Floors and(@Nullable Floors other) {
    if (other == null) {
      return this;
    }
    SortedMap<Long, Floor> both = new TreeMap<>(byGroup);
    other.byGroup.forEach((group, floor) -> both.merge(group, floor, Floor::max));
    return new Floors(both);
  }

  /** Replaces the file, durably. */
  void write(Path file) throws IOException {
    DurableFiles.replace(file, bytes());
  }

  /** Overwrites the file: it outlives this process, but not a power cut, which may garble it. */
  void writeSoon(Path file) throws IOException {
    Files.write(file, bytes());
  }

  private byte[] bytes() {
    StringBuilder text = new StringBuilder();
    byGroup.forEach(
        (group, floor) ->
            text.append(group)
                .append(' ')
                .append(floor.index())
                .append(' ')
                .append(floor.term())
                .append('\n'));
    text.append(crc(text.toString()));
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  private static String crc(String text) {
    CRC32C crc = new CRC32C();
    crc.update(text.getBytes(StandardCharsets.US_ASCII));
    return "crc " + Long.toHexString(crc.getValue()) + "\n";
  }
}
