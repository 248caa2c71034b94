package io.flotilla.cluster.harness;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.Immutable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What a disk may do to a node's data. Each damages every file that it is about; all have some. */
public enum Corruption {
  /** The Raft logs' open files end within their last entries. */
  LOG_CUT("raft/groups", "log_inprogress_", file -> setLength(file, used(file) - 3)),
  /** They lose their second half. */
  LOG_HALVED("raft/groups", "log_inprogress_", file -> setLength(file, used(file) / 2)),
  /** Their second half is zeros. */
  LOG_ZEROED(
      "raft/groups",
      "log_inprogress_",
      file -> {
        long half = used(file) / 2;
        overwrite(file, half, new byte[(int) (used(file) - half)]);
      }),
  /** They are gone. */
  LOG_DELETED("raft/groups", "log_inprogress_", Files::delete),
  /** A bit in their middle is another one. */
  LOG_BIT_FLIPPED("raft/groups", "log_inprogress_", file -> flip(file, used(file) / 2)),
  /** Term and vote are empty files. */
  VOTE_EMPTIED("raft/groups", "raft-meta", file -> setLength(file, 0)),
  /** Term and vote are gone. */
  VOTE_DELETED("raft/groups", "raft-meta", Files::delete),
  /** The store's list of its files is gone. */
  STORE_LIST_DELETED("store", "MANIFEST-", Files::delete),
  /** The name of that list is gone: RocksDB takes the folder for a new one. */
  STORE_NAME_DELETED("store", "CURRENT", Files::delete),
  /** A bit in the store's list of its files is another one, so it cannot be opened. */
  STORE_BIT_FLIPPED("store", "MANIFEST-", file -> flip(file, used(file) / 2));

  private final String folder;
  private final String prefix;
  private final Damage damage;

  /** What happens to one file. */
  @FunctionalInterface
  @Immutable
  private interface Damage {
    void to(Path file) throws IOException;
  }

  Corruption(String folder, String prefix, Damage damage) {
    this.folder = folder;
    this.prefix = prefix;
    this.damage = damage;
  }

  /** Damages the data in a node's folder. */
  public void in(Path data) {
    try {
      List<Path> files = files(data);
      assertThat(files).as("%s in %s", prefix, data.resolve(folder)).isNotEmpty();
      for (Path file : files) {
        damage.to(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The files that it damages. */
  public List<Path> files(Path data) throws IOException {
    try (Stream<Path> all = Files.walk(data.resolve(folder))) {
      return all.filter(this::isMeant).sorted().toList();
    }
  }

  private boolean isMeant(Path file) {
    String name = file.getFileName().toString();
    return name.startsWith(prefix) && !name.endsWith(".conf") && Files.isRegularFile(file);
  }

  /** Another bit in the middle of the largest file of events; nobody notices until it is read. */
  public static void flipOneBitOfEvents(Path data) throws IOException {
    Path largest;
    try (Stream<Path> files = Files.walk(data)) {
      largest =
          files
              .filter(file -> file.toString().endsWith(".blob"))
              .max(Comparator.comparingLong(file -> file.toFile().length()))
              .orElseThrow();
    }
    flip(largest, Files.size(largest) / 2);
  }

  private static void setLength(Path file, long bytes) throws IOException {
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
      open.setLength(bytes);
    }
  }

  private static void overwrite(Path file, long at, byte[] bytes) throws IOException {
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
      open.seek(at);
      open.write(bytes);
    }
  }

  private static void flip(Path file, long at) throws IOException {
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
      open.seek(at);
      int before = open.read();
      open.seek(at);
      open.write(before ^ 1);
    }
  }

  /** Up to the last byte that is not zero: files are filled up with zeros. */
  private static long used(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] == 0) {
      end--;
    }
    return end;
  }
}
