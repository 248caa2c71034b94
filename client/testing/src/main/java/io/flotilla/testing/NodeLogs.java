package io.flotilla.testing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.slf4j.LoggerFactory;

/**
 * Keeps the last lines that the nodes log, instead of printing them: they are shown when a test
 * fails. For the whole process, as loggers are. Safe.
 */
final class NodeLogs {

  private static final int LINES_MAX = 200;
  private static final String LOGBACK = "ch.qos.logback.classic.LoggerContext";
  private static final Queue<String> LINES = new ArrayDeque<>();

  /** Held, since the JDK forgets the level of a logger that nobody holds. */
  private static final java.util.logging.Logger RATIS_NETWORK =
      java.util.logging.Logger.getLogger("org.apache.ratis.thirdparty");

  private static boolean taken;

  private NodeLogs() {}

  /** Takes what nodes log from now on; where another logger than Logback is used, nothing. */
  static synchronized void take() {
    if (taken) {
      return;
    }
    taken = true;
    RATIS_NETWORK.setLevel(java.util.logging.Level.OFF);
    if (LoggerFactory.getILoggerFactory().getClass().getName().equals(LOGBACK)) {
      Taker.attach();
    }
  }

  /** The last lines, oldest first. */
  static synchronized List<String> lines() {
    return List.copyOf(LINES);
  }

  private static synchronized void add(String line) {
    if (LINES.size() == LINES_MAX) {
      LINES.remove();
    }
    LINES.add(line);
  }

  /** Apart, so that Logback's classes are only asked for where it is used. */
  private static final class Taker extends AppenderBase<ILoggingEvent> {

    private final PatternLayoutEncoder encoder = new PatternLayoutEncoder();

    static void attach() {
      LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
      Taker taker = new Taker();
      taker.setContext(context);
      taker.encoder.setContext(context);
      taker.encoder.setPattern("%d{HH:mm:ss.SSS} %-5level [%thread] %logger{0} %msg%n%ex{10}");
      taker.encoder.start();
      taker.start();
      taker.listen(context.getLogger("io.flotilla.node"), Level.INFO);
      taker.listen(context.getLogger("org.apache.ratis"), Level.WARN);
    }

    private void listen(Logger logger, Level level) {
      logger.setAdditive(false);
      logger.setLevel(level);
      logger.addAppender(this);
    }

    @Override
    protected void append(ILoggingEvent event) {
      add(new String(encoder.encode(event), StandardCharsets.UTF_8).stripTrailing());
    }
  }
}
