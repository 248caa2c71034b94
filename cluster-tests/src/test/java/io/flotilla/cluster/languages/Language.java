package io.flotilla.cluster.languages;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.cluster.harness.NodeProcess;
import io.flotilla.cluster.harness.Script;
import io.flotilla.cluster.harness.Tools;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A language with examples: what it needs, how its stubs are generated and its programs built into
 * a folder, and how one is run. As the README beside the examples tells it. Stateless.
 */
enum Language {
  JAVA("true", "true", "{java} -cp {lib} {Program}.java"),
  NODE(
      "node --version && npm --version",
      "npm ci --prefer-offline --no-audit --no-fund",
      "node {program}.mjs"),
  PYTHON(
      "/usr/bin/python3 -c 'import grpc' && {protoc} && command -v grpc_python_plugin",
      "./build {out}",
      "env PYTHONPATH={out} /usr/bin/python3 {program}.py"),
  RUBY(
      "ruby -e 'require \"grpc\"' && {protoc} && command -v grpc_ruby_plugin",
      "./build {out}",
      "ruby -I {out} {program}.rb"),
  GO(
      "go version && {protoc} && command -v protoc-gen-go && command -v protoc-gen-go-grpc"
          + " && ls -d /usr/share/gocode/src/google.golang.org/grpc",
      "./build {out}",
      "{out}/{program}"),
  CPP(
      "g++ --version && make --version && {protoc} && command -v grpc_cpp_plugin"
          + " && pkg-config --print-errors --exists grpc++ protobuf",
      "make -j2 OUT={out}",
      "{out}/{program}");

  /** The examples of all languages, a folder each. */
  static final Path EXAMPLES = NodeProcess.home().resolve("client/examples");

  private static final Path PROTOS = NodeProcess.home().resolve("proto/src/main/proto");

  /** C++ compiles all stubs, Go all of gRPC. */
  private static final Duration BUILD_MAX = Duration.ofMinutes(9);

  private static final Duration RUN_MAX = Duration.ofSeconds(60);
  private static final Pattern SPACE = Pattern.compile(" ");

  private final String probe;
  private final String build;
  private final String run;

  Language(String probe, String build, String run) {
    this.probe = probe;
    this.build = build;
    this.run = run;
  }

  /** Skips the test without what it needs. */
  void assumeTools() {
    String protoc = "protoc -I %s -o /dev/null flotilla/v1/options.proto".formatted(PROTOS);
    Tools.assume("what examples/" + folderName() + " needs", probe.replace("{protoc}", protoc));
  }

  Path folder() {
    return EXAMPLES.resolve(folderName());
  }

  String folderName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Builds what is to be built into the folder. */
  void build(Path out) {
    Script.Result built = Script.in(folder()).run(BUILD_MAX, words(build, "", out));
    assertThat(built.exitCode()).as(built.output()).isZero();
  }

  /** Runs one of its programs. */
  Script.Result run(Path out, String program, String... arguments) {
    String[] command =
        Stream.concat(Stream.of(words(run, program, out)), Stream.of(arguments))
            .toArray(String[]::new);
    return Script.in(folder()).run(RUN_MAX, command);
  }

  private static String[] words(String template, String program, Path out) {
    List<String> words = SPACE.splitAsStream(template).toList();
    return words.stream()
        .map(word -> word.replace("{out}", out.toString()))
        .map(word -> word.replace("{program}", program))
        .map(word -> word.replace("{Program}", capitalised(program)))
        .map(word -> word.replace("{java}", System.getProperty("java.home") + "/bin/java"))
        .map(word -> word.replace("{lib}", NodeProcess.home() + "/node/target/dist/lib/*"))
        .toArray(String[]::new);
  }

  private static String capitalised(String program) {
    return program.isEmpty()
        ? program
        : program.substring(0, 1).toUpperCase(Locale.ROOT) + program.substring(1);
  }
}
