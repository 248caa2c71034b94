package io.flotilla.cli.output;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The three standard streams and what is known about them. Data goes to standard output, everything
 * else to standard error; standard output is buffered until {@link #flush} and a reader that went
 * away shows as {@link BrokenPipeException}. Safe: one line is written as a whole.
 */
public final class Terminal {

  private static final int OUT_BUFFER_BYTES = 64 * 1024;
  private static final int COLUMNS_MIN = 60;

  private final InputStream in;
  private final OutputStream out;
  private final OutputStream err;
  private final String terminals;
  private final Map<String, String> environment;
  private boolean errGone;

  /**
   * @param terminals the numbers of the streams that are a terminal, such as {@code "02"}
   */
  public Terminal(
      InputStream in,
      OutputStream out,
      OutputStream err,
      String terminals,
      Map<String, String> environment) {
    this.in = in;
    this.out = new BufferedOutputStream(out, OUT_BUFFER_BYTES);
    this.err = err;
    this.terminals = terminals;
    this.environment = environment;
  }

  /** The process's own. The start script says which streams are terminals: Java cannot tell. */
  public static Terminal system() {
    return new Terminal(
        new FileInputStream(FileDescriptor.in),
        new FileOutputStream(FileDescriptor.out),
        new FileOutputStream(FileDescriptor.err),
        System.getProperty("flotilla.terminals", ""),
        System.getenv());
  }

  public InputStream in() {
    return in;
  }

  public boolean inIsTerminal() {
    return terminals.contains("0");
  }

  public boolean outIsTerminal() {
    return terminals.contains("1");
  }

  /** What is drawn over itself may be shown on standard output. */
  public boolean outIsLive() {
    return outIsTerminal() && !"dumb".equals(environment.get("TERM"));
  }

  /** Progress that is drawn over itself may be shown. */
  public boolean errIsLive() {
    return terminals.contains("2") && !"dumb".equals(environment.get("TERM"));
  }

  /** Colours may be used on standard output. */
  public boolean colours() {
    return outIsLive() && environment.getOrDefault("NO_COLOR", "").isEmpty();
  }

  /** The environment that the command was started with. */
  public Map<String, String> environment() {
    return environment;
  }

  /** How wide help may be. */
  public int columns() {
    try {
      int columns = Integer.parseInt(environment.getOrDefault("COLUMNS", ""));
      return Math.max(COLUMNS_MIN, Math.min(Table.COLUMNS_MAX, columns));
    } catch (NumberFormatException unknown) {
      return Table.COLUMNS_MAX;
    }
  }

  /** A line of data. */
  public void line(String text) {
    write((text + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** Bytes of data. */
  public synchronized void write(byte[] bytes) {
    try {
      out.write(bytes);
    } catch (IOException gone) {
      throw new BrokenPipeException(gone);
    }
  }

  /** Hands over what was written. */
  public synchronized void flush() {
    try {
      out.flush();
    } catch (IOException gone) {
      throw new BrokenPipeException(gone);
    }
  }

  /** A line that is not data. */
  public void note(String text) {
    error(text + "\n");
  }

  /** Draws over the line that it drew before; an empty text takes it away. */
  public void progress(String text) {
    if (errIsLive()) {
      error("\r" + Text.clip(text, columns() - 1) + "\u001b[K");
    }
  }

  private synchronized void error(String text) {
    if (errGone) {
      return;
    }
    try {
      err.write(text.getBytes(StandardCharsets.UTF_8));
      err.flush();
    } catch (IOException gone) {
      errGone = true; // Nobody is left to tell; the exit code still speaks.
    }
  }
}
