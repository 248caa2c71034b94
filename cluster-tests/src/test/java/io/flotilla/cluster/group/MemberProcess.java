package io.flotilla.cluster.group;

import io.flotilla.cluster.harness.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/** One {@link MemberMain}, and what it wrote down. Confined to the thread of the test. */
final class MemberProcess implements AutoCloseable {
  private static final Duration SIGNAL_MAX = Duration.ofSeconds(10);

  /** A Java that starts on a machine that is busy with the load. */
  private static final Duration START_MAX = Duration.ofSeconds(60);

  /**
   * A line of its journal.
   *
   * @param nanos by the clock that all processes of the machine share
   * @param words what happened, as {@link MemberMain} says it
   */
  record Line(long nanos, List<String> words) {
    String what() {
      return words.get(0);
    }

    String topic() {
      return words.get(1);
    }

    int partition() {
      return Integer.parseInt(words.get(2));
    }

    long number(int position) {
      return Long.parseLong(words.get(position));
    }
  }

  private final String name;
  private final Process process;
  private final Path journal;
  private final List<Line> lines = new ArrayList<>();
  private long read;

  private MemberProcess(String name, Process process, Path journal) {
    this.name = name;
    this.process = process;
    this.journal = journal;
  }

  /**
   * Starts a member.
   *
   * @param options as {@link MemberMain#main} takes them
   */
  static MemberProcess start(Path folder, String servers, String name, String... options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(MemberMain.class.getName());
    command.addAll(List.of("servers=" + servers, "name=" + name));
    command.addAll(List.of(options));
    Path journal = folder.resolve(name + ".journal");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(journal.toFile()))
              .redirectError(
                  ProcessBuilder.Redirect.appendTo(folder.resolve(name + ".err").toFile()))
              .start();
      return new MemberProcess(name, process, journal);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String name() {
    return name;
  }

  /** Everything that it wrote down, the lines of earlier processes of the name included. */
  List<Line> lines() {
    try (FileChannel file = FileChannel.open(journal)) {
      ByteBuffer fresh = ByteBuffer.allocate((int) (file.size() - read));
      file.read(fresh, read);
      String text = new String(fresh.array(), 0, fresh.position(), StandardCharsets.UTF_8);
      String whole = text.substring(0, text.lastIndexOf('\n') + 1); // The last may be half written.
      read += whole.getBytes(StandardCharsets.UTF_8).length;
      for (String line : whole.lines().toList()) {
        List<String> words = List.of(line.split(" ", -1));
        lines.add(new Line(Long.parseLong(words.get(0)), words.subList(1, words.size())));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return lines;
  }

  List<Line> lines(String what) {
    return lines().stream().filter(line -> line.what().equals(what)).toList();
  }

  /** When it was first delivered an event of the partition after a moment; 0 = not yet. */
  long firstFrom(int partition, long afterNanos) {
    return lines("got").stream()
        .filter(line -> line.partition() == partition && line.nanos() > afterNanos)
        .mapToLong(Line::nanos)
        .findFirst()
        .orElse(0);
  }

  /** The partitions that it has been assigned and not revoked or lost since. */
  List<Integer> partitions() {
    Set<Integer> mine = new TreeSet<>();
    for (Line line : lines()) {
      switch (line.what()) {
        case "assigned" -> mine.add(line.partition());
        case "revoked", "lost" -> mine.remove(line.partition());
        case "joined" -> mine.clear();
        default -> {}
      }
    }
    return List.copyOf(mine);
  }

  /** Waits until it has joined so often, over all processes of the name. */
  void awaitJoins(int times) {
    Await.until(name + " has joined", START_MAX, () -> lines("joined").size() >= times);
  }

  void leave() {
    try (Writer in = process.outputWriter(StandardCharsets.UTF_8)) {
      in.write("leave\n");
      in.flush();
      awaitEnd();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** SIGKILL; answers when. */
  long kill() {
    long now = System.nanoTime();
    process.destroyForcibly();
    awaitEnd();
    return now;
  }

  /** SIGSTOP; answers when. */
  long pause() {
    return signal("-STOP");
  }

  /** SIGCONT. */
  void resume() {
    signal("-CONT");
  }

  private long signal(String signal) {
    long now = System.nanoTime();
    try {
      Process kill =
          new ProcessBuilder("kill", signal, Long.toString(process.pid())).inheritIO().start();
      if (!kill.waitFor(SIGNAL_MAX.toMillis(), TimeUnit.MILLISECONDS) || kill.exitValue() != 0) {
        throw new AssertionError("kill " + signal + " of " + name + " failed");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
    return now;
  }

  boolean isRunning() {
    return process.isAlive();
  }

  void awaitEnd() {
    Await.until(name + " has ended", SIGNAL_MAX, () -> !process.isAlive());
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
