package io.flotilla.node.raft;

import io.flotilla.node.disk.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.ratis.server.raftlog.RaftLog;

/** The files of a group's Raft log on disk. Stateless. */
final class LogFiles {

  /** What Ratis calls a full file, by its first and last entry, and the one that it writes. */
  private static final Pattern CLOSED = Pattern.compile("log_\\d+-(\\d+)");

  private static final String OPEN = "log_inprogress_";

  private LogFiles() {}

  private static boolean isLog(Path file) {
    String name = file.getFileName().toString();
    return name.startsWith(OPEN) || CLOSED.matcher(name).matches();
  }

  /**
   * Deletes the log of a group that is closed; durable when it returns. What the group voted for is
   * kept.
   *
   * @param groups the folder of all groups
   */
  static void discard(Path groups, long group) throws IOException {
    Path folder = groups.resolve(GroupIds.toRatis(group).getUuid().toString()).resolve("current");
    if (!Files.isDirectory(folder)) {
      return;
    }
    List<Path> logs;
    try (Stream<Path> files = Files.list(folder)) {
      logs = files.filter(LogFiles::isLog).toList();
    }
    for (Path log : logs) {
      Files.delete(log);
    }
    DurableFiles.syncFolder(folder);
  }

  /**
   * The last entry that may be purged so that the newest files keep at least so many bytes;
   * INVALID_LOG_INDEX when all of them are needed for that. Files may come and go meanwhile.
   */
  static long lastBehind(Path folder, long keepBytes) throws IOException {
    NavigableMap<Long, Path> closed = new TreeMap<>();
    long kept = 0;
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Matcher name = CLOSED.matcher(file.getFileName().toString());
        if (name.matches()) {
          closed.put(Long.parseLong(name.group(1)), file);
        } else if (file.getFileName().toString().startsWith(OPEN)) {
          kept += file.toFile().length();
        }
      }
    }
    for (Map.Entry<Long, Path> file : closed.descendingMap().entrySet()) {
      if (kept >= keepBytes) {
        return file.getKey();
      }
      kept += file.getValue().toFile().length();
    }
    return RaftLog.INVALID_LOG_INDEX;
  }
}
