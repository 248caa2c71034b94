package io.flotilla.cli.publish;

import com.github.luben.zstd.ZstdInputStream;
import io.flotilla.cli.error.CliException;
import io.flotilla.cli.output.Terminal;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Opens what is to be published: a file, one that zstd compressed, or standard input. Stateless.
 */
public final class Input {

  static final String STANDARD = "-";

  private Input() {}

  public static InputStream open(String file, Terminal terminal) {
    if (file.equals(STANDARD)) {
      if (terminal.inIsTerminal()) {
        terminal.note("reading events from the terminal, one a line; end with Ctrl-D");
      }
      return notToBeClosed(terminal.in());
    }
    Path path = Path.of(file);
    if (!Files.exists(path) || Files.isDirectory(path)) {
      throw CliException.usage(
          "cannot publish \"" + file + "\"",
          Files.isDirectory(path) ? "it is a folder" : "there is no such file",
          "name a file, or - for standard input; for a single event use --value");
    }
    try {
      InputStream raw = new BufferedInputStream(Files.newInputStream(path), 64 << 10);
      return file.endsWith(".zst") ? new ZstdInputStream(raw) : raw;
    } catch (IOException e) {
      throw CliException.local(
          "cannot publish \"" + file + "\"", "it cannot be read: " + e, "check its permissions");
    }
  }

  private static InputStream notToBeClosed(InputStream in) {
    return new FilterInputStream(in) {
      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        return in.read(bytes, offset, length);
      }

      @Override
      public void close() {
        // Standard input belongs to the process.
      }
    };
  }
}
