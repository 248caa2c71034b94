package io.flotilla.cli.command;

import io.flotilla.cli.error.CliException;
import io.flotilla.cli.settings.Setting;
import io.flotilla.cli.settings.Settings;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options of every command that talks to a cluster. Filled by the parser, then only read. */
public final class ServerOptions {

  /** A name, an IPv4 address, or an IPv6 address in brackets; then the port. */
  private static final Pattern FORM =
      Pattern.compile("([^\\s:\\[\\]]+|\\[[0-9a-fA-F:.]+]):\\d{1,5}");

  @Option(
      names = {"-s", "--server"},
      paramLabel = "HOST:PORT",
      description =
          "Any node, or several with commas between. Default: FLOTILLA_SERVER, or the profile's,"
              + " or localhost:9095.")
  @Nullable String server;

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      description =
          "How long to try, such as 500ms, 10s, 1m. Default: FLOTILLA_TIMEOUT, or the profile's,"
              + " or 10s.")
  @Nullable Duration timeout;

  /** Flag before environment before profile before default. */
  String servers(Settings settings) {
    if (server != null) {
      return checked(server, "--server");
    }
    Settings.Value value = settings.value(Setting.SERVER);
    return checked(value.text(), value.origin());
  }

  boolean timeoutIsSaid(Settings settings) {
    return timeout != null || settings.value(Setting.TIMEOUT).given();
  }

  /** The same of the time. */
  Duration timeout(Settings settings) {
    if (timeout != null) {
      return timeout;
    }
    Settings.Value value = settings.value(Setting.TIMEOUT);
    try {
      return new DurationConverter().convert(value.text());
    } catch (TypeConversionException e) {
      throw CliException.usage(
          "cannot use the timeout of " + value.origin(),
          String.valueOf(e.getMessage()),
          "correct it, or say it by --timeout");
    }
  }

  /** The servers, or an error that says whose they are. */
  public static String checked(String servers, String origin) {
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
