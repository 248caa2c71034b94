package io.flotilla.node.raft;

import io.flotilla.node.disk.DurableFiles;
import io.flotilla.node.raft.Floors.Floor;
import java.io.IOException;
import java.io.Reader;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks through one group's folder before Ratis opens it: Ratis takes a log that is merely shorter
 * or gone for a good one, and would vote with it; and of a torn last write, which a crash leaves in
 * a healthy log, it makes a node that does not start. Confined.
 */
final class GroupInspection {

  private static final Logger LOG = LoggerFactory.getLogger(GroupInspection.class);

  private final long group;
  private final Path current;
  private final Floor floor;
  private final long applied;

  /** Up to this entry the log was on disk for certain. */
  private final long needed;

  /**
   * @param folder the group's
   * @param floor how far it had come for certain
   * @param applied the index up to which the store has it, durably; negative = not at all
   */
  GroupInspection(long group, Path folder, Floor floor, long applied) {
    this.group = group;
    this.current = folder.resolve("current");
    this.floor = floor;
    this.applied = applied;
    this.needed = Math.max(floor.index(), applied);
  }

  /** What is wrong with it; null when nothing is, or no more: a torn end has been cut off. */
  @Nullable String fault() throws IOException {
    List<SegmentFile> segments = segments();
    boolean begun = !floor.isNothing() || applied >= 0 || !segments.isEmpty();
    if (!begun) {
      return null;
    }
    Path meta = current.resolve("raft-meta");
    if (!Files.exists(meta)) {
      return Files.exists(current) ? meta + " is missing" : current + " is missing";
    }
    long term = term(meta);
    if (term < floor.term()) {
      return meta
          + (term < 0 ? " has no term and vote" : " has only term " + term + " of " + floor.term());
    }
    return log(segments, term);
  }

  private List<SegmentFile> segments() throws IOException {
    if (!Files.isDirectory(current)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(current)) {
      return files
          .map(SegmentFile::of)
          .filter(Objects::nonNull)
          .sorted(Comparator.comparingLong(SegmentFile::first))
          .toList();
    }
  }

  /** The term, with a vote beside it; negative when the file cannot be read. */
  private static long term(Path meta) throws IOException {
    Properties properties = new Properties();
    try (Reader in = Files.newBufferedReader(meta, StandardCharsets.UTF_8)) {
      properties.load(in);
      return properties.getProperty("votedFor") == null
          ? -1
          : Long.parseLong(properties.getProperty("term", "-1"));
    } catch (IllegalArgumentException | java.nio.charset.CharacterCodingException e) {
      LOG.debug("{} cannot be read", meta, e);
      return -1;
    }
  }

  private @Nullable String log(List<SegmentFile> segments, long term) throws IOException {
    long last = -1;
    long lastTerm = 0;
    SegmentFile before = null;
    for (SegmentFile segment : segments) {
      boolean continues =
          before == null ? segment.first() <= applied + 1 : follows(before, last, segment);
      if (!continues) {
        return "entries from "
            + Math.max(last, applied)
            + " to "
            + segment.first()
            + " are missing";
      }
      SegmentFile.Content content = segment.read();
      String fault = fault(segment, content);
      if (fault != null) {
        return segment.path().getFileName() + ": " + fault;
      }
      last = content.last();
      lastTerm = Math.max(lastTerm, content.lastTerm());
      before = segment;
    }
    // An empty log behind a state that was installed is fine.
    if ((segments.isEmpty() ? applied : last) < needed) {
      return "its log ends at entry " + last + " of " + needed;
    }
    return lastTerm > term ? "term " + term + " is behind its log's, " + lastTerm : null;
  }

  private static boolean follows(SegmentFile before, long last, SegmentFile segment) {
    return !before.open() && segment.first() == last + 1;
  }

  private @Nullable String fault(SegmentFile segment, SegmentFile.Content content)
      throws IOException {
    if (!segment.open()) {
      return content.fault() != null || content.last() != segment.end()
          ? "it ends at entry " + content.last() + " of " + segment.end() + reason(content)
          : null;
    }
    if (content.fault() == null) {
      return null;
    }
    if (content.goesOn() || content.last() < needed) {
      return "it ends at entry " + content.last() + " of " + needed + reason(content);
    }
    cut(segment, content);
    return null;
  }

  private static String reason(SegmentFile.Content content) {
    return content.fault() == null ? "" : ", " + content.fault();
  }

  /** What was being written when the node stopped had been confirmed to nobody. */
  private void cut(SegmentFile segment, SegmentFile.Content content) throws IOException {
    LOG.warn(
        "a torn last write is cut off group={} file={} behind entry={}: {}",
        group,
        segment.path().getFileName(),
        content.last(),
        content.fault());
    try (FileChannel file = FileChannel.open(segment.path(), StandardOpenOption.WRITE)) {
      file.truncate(content.goodBytes());
      file.force(true);
    }
    DurableFiles.syncFolder(current);
  }
}
