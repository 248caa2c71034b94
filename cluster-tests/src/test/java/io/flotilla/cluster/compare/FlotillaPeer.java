package io.flotilla.cluster.compare;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Three nodes by {@code flotilla up}, as a user starts them; loaded by {@code flotilla bench}. */
final class FlotillaPeer implements Peer {
  private static final Pattern NODE = Pattern.compile("node \\d+: pid (\\d+),.*");
  private static final String READY = "ready: ";
  private static final long STOP_SECONDS = 30;

  private final Path home;
  private final Path folder;
  private final List<Long> pids = new ArrayList<>();
  private @Nullable Process up;
  private String servers = "";

  FlotillaPeer(Path home, Path folder) {
    this.home = home;
    this.folder = folder;
  }

  @Override
  public String name() {
    return "Flotilla";
  }

  @Override
  public void start() {
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command(), "up", "--dir", folder.toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT);
      builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
      Process started = builder.start();
      up = started;
      BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(started.getInputStream(), StandardCharsets.UTF_8));
      while (servers.isEmpty()) {
        String line = lines.readLine();
        if (line == null) {
          throw new IllegalStateException("flotilla up ended; its last lines are above");
        }
        Matcher node = NODE.matcher(line);
        if (node.matches()) {
          pids.add(Long.parseLong(node.group(1)));
        } else if (line.startsWith(READY)) {
          servers = line.substring(READY.length()).strip();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String command() {
    return home.resolve("flotilla").toString();
  }

  @Override
  public List<Long> pids() {
    return pids;
  }

  @Override
  public JsonNode run(Load load, int warmSeconds, int seconds) {
    JsonNode measured =
        load.mode() == Load.Mode.READ
            ? read(load, warmSeconds + seconds)
            : publish(load, warmSeconds, seconds);
    Processes.output(home, command(), "topic", "delete", load.name(), "--yes", "-s", servers);
    return measured;
  }

  private JsonNode publish(Load load, int warmSeconds, int seconds) {
    List<String> options = new ArrayList<>();
    options.addAll(List.of("--partitions", Integer.toString(Load.PARTITIONS)));
    options.addAll(List.of("--replication-factor", Integer.toString(Load.REPLICATION)));
    options.addAll(List.of("--size", Integer.toString(load.size())));
    options.addAll(List.of("--compression", load.compression()));
    options.addAll(List.of("--linger", load.lingerMs() + "ms"));
    options.addAll(List.of("--warm-up", warmSeconds + "s", "--duration", seconds + "s"));
    if (load.mode() == Load.Mode.LONE) {
      options.addAll(List.of("--in-flight", "1", "--producers", Integer.toString(load.clients())));
    }
    if (load.rate() > 0) {
      options.addAll(List.of("--rate", Integer.toString(load.rate())));
    }
    return bench(load.mode() == Load.Mode.END_TO_END ? "end-to-end" : "publish", load, options);
  }

  /** Fills the topic at the load's rate; the second of two rounds of reading counts. */
  private JsonNode read(Load load, int fillSeconds) {
    publish(load, 0, fillSeconds);
    List<String> options = List.of("--readers", Integer.toString(load.clients()), "--rounds", "2");
    JsonNode round = bench("subscribe", load, options).get(1);
    ObjectNode measured = new ObjectMapper().createObjectNode();
    measured.putObject("throughput").set("mb_per_second", round.get("mb_per_second"));
    measured.set("nodes", round.get("nodes"));
    measured.set("client", round.get("client"));
    return measured;
  }

  private JsonNode bench(String verb, Load load, List<String> options) {
    List<String> command = new ArrayList<>(List.of(command(), "bench", verb));
    command.addAll(List.of("-s", servers, "-o", "json", "--topic", load.name()));
    command.addAll(options);
    try {
      return new ObjectMapper().readTree(Processes.output(home, command.toArray(String[]::new)));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    Process running = up;
    if (running == null) {
      return;
    }
    running.destroy();
    try {
      if (!running.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        running.descendants().forEach(ProcessHandle::destroyForcibly);
        running.destroyForcibly();
      }
    } catch (InterruptedException e) {
      running.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
