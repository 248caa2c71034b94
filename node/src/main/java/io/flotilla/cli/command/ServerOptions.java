package io.flotilla.cli.command;

import io.flotilla.cli.error.CliException;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of every command that talks to a cluster. Filled by the parser, then only read. */
public final class ServerOptions {

  static final String DEFAULT_SERVER = "localhost:9095";
  private static final String ENVIRONMENT = "FLOTILLA_SERVER";

  /** A name, an IPv4 address, or an IPv6 address in brackets; then the port. */
  private static final Pattern FORM =
      Pattern.compile("([^\\s:\\[\\]]+|\\[[0-9a-fA-F:.]+]):\\d{1,5}");

  @Option(
      names = {"-s", "--server"},
      paramLabel = "HOST:PORT",
      description =
          "Any node, or several with commas between. Default: FLOTILLA_SERVER, or localhost:9095.")
  @Nullable String server;

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      description = "How long to try, such as 500ms, 10s, 1m. Default: 10s.")
  Duration timeout = Duration.ofSeconds(10);

  /** Flag before environment before default. */
  String servers(Map<String, String> environment) {
    if (server != null) {
      return checked(server, "--server");
    }
    String fromEnvironment = environment.getOrDefault(ENVIRONMENT, "");
    return fromEnvironment.isEmpty() ? DEFAULT_SERVER : checked(fromEnvironment, ENVIRONMENT);
  }

  private static String checked(String servers, String origin) {
    for (String each : servers.split(",", -1)) {
      if (!FORM.matcher(each).matches()) {
        throw CliException.usage(
            "cannot use " + origin + " \"" + servers + "\"",
            "\"" + each + "\" is not HOST:PORT",
            "for example: -s localhost:9095, or several with commas between");
      }
    }
    return servers;
  }
}
