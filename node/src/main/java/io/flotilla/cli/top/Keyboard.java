package io.flotilla.cli.top;

import io.flotilla.cli.output.Terminal;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Hears single keys, for which the terminal is told by {@code stty} to hand them over at once; it
 * is put back when this is closed, and by a hook when the process is interrupted. Without a
 * terminal, or without stty, it hears nothing. Confined to the command's thread, but for the hook.
 */
final class Keyboard implements AutoCloseable {

  private static final long LOOK_NANOS = 50_000_000L;
  private static final File TTY = new File("/dev/tty");

  private final Terminal terminal;
  private final @Nullable String before;

  private Keyboard(Terminal terminal, @Nullable String before) {
    this.terminal = terminal;
    this.before = before;
  }

  static Keyboard of(Terminal terminal) {
    if (!terminal.inIsTerminal() || !terminal.outIsLive()) {
      return new Keyboard(terminal, null);
    }
    String before = stty("-g");
    boolean set = before != null && stty("-icanon", "-echo") != null;
    Keyboard keyboard = new Keyboard(terminal, set ? before : null);
    Runtime.getRuntime().addShutdownHook(new Thread(keyboard::close, "restore-terminal"));
    return keyboard;
  }

  /** Keys are heard. */
  boolean hears() {
    return before != null;
  }

  /** Waits for a while; true as soon as q is pressed. */
  boolean quitWithin(Duration time) throws IOException {
    long deadline = System.nanoTime() + time.toNanos();
    while (System.nanoTime() - deadline < 0) {
      while (hears() && terminal.in().available() > 0) {
        if (terminal.in().read() == 'q') {
          return true;
        }
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
    return false;
  }

  @Override
  public void close() {
    if (before != null) {
      var unused = stty(before);
    }
  }

  /** What it says; null when it could not be asked. */
  private static @Nullable String stty(String... words) {
    List<String> command = new ArrayList<>(List.of("stty"));
    command.addAll(List.of(words));
    try {
      Process process = new ProcessBuilder(command).redirectInput(TTY).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 ? said.strip() : null;
    } catch (IOException notThere) {
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }
}
