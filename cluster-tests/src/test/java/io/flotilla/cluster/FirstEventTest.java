package io.flotilla.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.cluster.harness.Await;
import io.flotilla.cluster.harness.FreePorts;
import io.flotilla.cluster.harness.NodeProcess;
import io.flotilla.cluster.harness.Script;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The README's first three commands, read from it and run as they stand: from nothing to the first
 * event. Only the ports are others, by the environment, for somebody may use the usual ones here.
 */
class FirstEventTest {
  private static final Duration READY_MAX = Duration.ofSeconds(20);
  private static final Duration COMMAND_MAX = Duration.ofSeconds(20);
  private static final int COMMAND_CHARS_MAX = 80;
  private static final Pattern TEMPORARY = Pattern.compile("data in (\\S+),");

  @TempDir Path outputs;
  private final List<Process> started = new ArrayList<>();
  private final int port = freePort();

  @AfterEach
  void endProcesses() throws InterruptedException {
    for (Process process : started) {
      process.destroy();
      if (!process.waitFor(COMMAND_MAX.toSeconds(), TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    }
  }

  @Test
  void theFirstEventTakesThreeCommands() throws Exception {
    List<String> commands = quickStart();
    assertThat(commands).hasSize(3).allMatch(each -> each.length() <= COMMAND_CHARS_MAX);
    // A build and its archives are no part of it: who has downloaded Flotilla has them.
    assertThat(Script.in(NodeProcess.home()).run(Duration.ofMinutes(5), "./flotilla", "prepare"))
        .extracting(Script.Result::exitCode)
        .isEqualTo(0);

    long begin = System.nanoTime();
    Path up = start(commands.get(0));
    String ready = awaitLine(up, "ready: ", READY_MAX);
    double readyAfter = seconds(begin);
    assertThat(ready)
        .startsWith("ready: localhost:" + port)
        .contains("console: http://localhost:" + (port + 1), "Ctrl-C stops");

    Path publish = start(commands.get(1));
    String published = awaitLine(publish, "published 1 event to notifications at ", COMMAND_MAX);
    assertThat(published).contains("0@0");
    assertThat(Files.readString(publish)).contains("created topic notifications");
    double publishedAfter = seconds(begin);

    Path subscribe = start(commands.get(2));
    awaitLine(subscribe, "Bruno started following you.", COMMAND_MAX);
    System.out.printf(
        Locale.ROOT,
        "first event: ready after %.1f s, published after %.1f s, read after %.1f s%n",
        readyAfter,
        publishedAfter,
        seconds(begin));

    Path data = temporary(up);
    assertThat(data).isDirectory();
    started.get(0).destroy();
    Await.until("the temporary folder is gone", COMMAND_MAX, () -> !Files.exists(data));
  }

  /** The commands of the first block below the heading, without their comments. */
  private static List<String> quickStart() throws IOException {
    String readme = Files.readString(NodeProcess.home().resolve("README.md"));
    String section = readme.substring(readme.indexOf("\n## Quick start\n"));
    Matcher block = Pattern.compile("(?s)```\n(.*?)```").matcher(section);
    assertThat(block.find()).isTrue();
    return block.group(1).lines().map(line -> line.replaceFirst("\\s+#.*", "")).toList();
  }

  private Path start(String command) throws IOException {
    Path output = outputs.resolve(started.size() + ".txt");
    ProcessBuilder builder =
        new ProcessBuilder("bash", "-c", "exec " + command)
            .directory(NodeProcess.home().toFile())
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(output.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("FLOTILLA_BASE_PORT", String.valueOf(port));
    builder.environment().put("FLOTILLA_SERVER", "localhost:" + port);
    started.add(builder.start());
    return output;
  }

  private String awaitLine(Path output, String start, Duration atMost) {
    Process process = started.get(started.size() - 1);
    return Await.value(
        "a line that begins with " + start,
        atMost,
        () -> {
          Optional<String> line =
              Files.readString(output).lines().filter(each -> each.startsWith(start)).findFirst();
          return line.isEmpty() && !process.isAlive()
              ? Optional.of("ended: " + Files.readString(output))
              : line;
        });
  }

  private static Path temporary(Path up) throws IOException {
    String said = Files.readString(up);
    Matcher folder = TEMPORARY.matcher(said);
    assertThat(folder.find()).as(said).isTrue();
    return Path.of(folder.group(1));
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }

  /** A client port with free ones behind it, for HTTP and Raft. */
  private static int freePort() {
    for (int port : FreePorts.take(20)) {
      if (Arrays.stream(new int[] {port + 1, port + 2}).allMatch(FirstEventTest::free)) {
        return port;
      }
    }
    throw new IllegalStateException("no three free ports in a row");
  }

  private static boolean free(int port) {
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (BindException taken) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
