package io.flotilla.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.cluster.harness.Await;
import io.flotilla.cluster.harness.FreePorts;
import io.flotilla.cluster.harness.NodeProcess;
import io.flotilla.cluster.harness.Script;
import io.flotilla.cluster.harness.Typed;
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
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The README's first three commands, read from it and run as they stand: from nothing to the first
 * event. Only the ports are others, by the environment, for somebody may use the usual ones here.
 */
class FirstEventTest {
  /** Most takes a second; much more would be somebody's first impression. */
  private static final double READY_SECONDS_MAX = 10;

  private static final double WALK_SECONDS_MAX = 20;

  /** A step that takes longer is not waited for; what is between is reported with its figure. */
  private static final Duration STEP_MAX = Duration.ofSeconds(60);

  private static final int COMMAND_CHARS_MAX = 80;
  private static final Pattern TEMPORARY = Pattern.compile("data in (\\S+),");

  private final List<Typed> started = new ArrayList<>();
  private final int port = freePort();

  @AfterEach
  void endProcesses() {
    started.forEach(Typed::close);
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
    Typed up = type(commands.get(0));
    String ready = up.awaitLine("ready: ", STEP_MAX);
    double readyAfter = seconds(begin);
    assertThat(ready)
        .startsWith("ready: localhost:" + port)
        .contains("console: http://localhost:" + (port + 1), "Ctrl-C stops");

    Typed publish = type(commands.get(1));
    String published = publish.awaitLine("published 1 event to notifications at ", STEP_MAX);
    double publishedAfter = seconds(begin);
    assertThat(published).contains("0@0");
    assertThat(publish.said()).contains("created topic notifications");

    type(commands.get(2)).awaitLine("Bruno started following you.", STEP_MAX);
    double walked = seconds(begin);
    System.out.printf(
        Locale.ROOT,
        "first event: ready after %.1f s, published after %.1f s, whole walk %.1f s%n",
        readyAfter,
        publishedAfter,
        walked);
    assertThat(readyAfter).as("seconds until ready").isLessThan(READY_SECONDS_MAX);
    assertThat(walked).as("seconds until the first event").isLessThan(WALK_SECONDS_MAX);

    Path data = temporary(up);
    assertThat(data).isDirectory();
    up.stop(STEP_MAX);
    Await.until("the temporary folder is gone", STEP_MAX, () -> !Files.exists(data));
  }

  /** The commands of the first block below the heading, without their comments. */
  private static List<String> quickStart() throws IOException {
    String readme = Files.readString(NodeProcess.home().resolve("README.md"));
    String section = readme.substring(readme.indexOf("\n## Quick start\n"));
    Matcher block = Pattern.compile("(?s)```\n(.*?)```").matcher(section);
    assertThat(block.find()).isTrue();
    return block.group(1).lines().map(line -> line.replaceFirst("\\s+#.*", "")).toList();
  }

  private Typed type(String command) {
    Map<String, String> environment =
        Map.of("FLOTILLA_BASE_PORT", String.valueOf(port), "FLOTILLA_SERVER", "localhost:" + port);
    Typed typed = Typed.in(NodeProcess.home(), environment, command);
    started.add(typed);
    return typed;
  }

  private static Path temporary(Typed up) {
    Matcher folder = TEMPORARY.matcher(up.said());
    assertThat(folder.find()).as(up.said()).isTrue();
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
