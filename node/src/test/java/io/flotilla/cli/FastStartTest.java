package io.flotilla.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * What makes the command line start fast: it loads little. Counted in classes, not in milliseconds,
 * because a busy machine must not fail the build.
 */
final class FastStartTest {

  private static final Pattern LOADED = Pattern.compile("\\[class,load\\] (\\S+) source:");

  /** With the class-data archive about 0.2 ms each, without it several times that. */
  private static final int CLASSES_MAX = 1_700;

  private static final List<String> HEAVY =
      List.of(
          "org.apache.ratis",
          "org.rocksdb",
          "io.grpc",
          "io.flotilla.node",
          "com.google.protobuf",
          "ch.qos.logback",
          "org.slf4j",
          "com.fasterxml.jackson.databind",
          "com.github.luben");

  @Test
  void helpLoadsNothingThatOnlyANodeOrAConnectionNeeds() throws Exception {
    List<String> loaded = loadedBy("publish", "--help");
    assertThat(loaded).contains("io.flotilla.cli.publish.PublishCommand");
    assertThat(loaded).noneMatch(name -> HEAVY.stream().anyMatch(name::startsWith));
    assertThat(loaded).doesNotContain("io.flotilla.cli.topic.TopicListCommand");
    assertThat(loaded).hasSizeLessThan(CLASSES_MAX);
  }

  @Test
  void listingTopicsLoadsNothingOfANode() throws Exception {
    List<String> loaded = loadedBy("topic", "list", "-s", "127.0.0.1:1", "--timeout", "300ms");
    assertThat(loaded).contains("io.flotilla.client.FlotillaClient");
    assertThat(loaded)
        .noneMatch(name -> name.startsWith("org.apache.ratis"))
        .noneMatch(name -> name.startsWith("org.rocksdb"))
        .noneMatch(name -> name.startsWith("io.flotilla.node"))
        .noneMatch(name -> name.startsWith("ch.qos.logback"))
        .noneMatch(name -> name.startsWith("com.fasterxml.jackson.databind"));
  }

  private static List<String> loadedBy(String... args) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xlog:class+load", "-cp", System.getProperty("java.class.path")));
    command.add("io.flotilla.cli.Main");
    command.addAll(List.of(args));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    List<String> loaded = new ArrayList<>();
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        Matcher matcher = LOADED.matcher(line);
        if (matcher.find()) {
          loaded.add(matcher.group(1));
        }
      }
    }
    process.waitFor();
    return loaded;
  }
}
