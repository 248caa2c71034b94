package io.flotilla.node.raft;

import java.net.URL;
import java.util.List;

/**
 * Ratis 3.3.0 never syncs a folder, so a power cut can take back a vote that was given, or a log
 * file with acknowledged entries. It has no interface for these files; so two of its classes have
 * ours in their place, by standing ahead on the class path, and a third one, whose checksum is
 * slow. Which is checked. Stateless.
 */
final class RatisInPlace {

  private static final List<String> OURS =
      List.of(
          "org.apache.ratis.util.AtomicFileOutputStream",
          "org.apache.ratis.util.PureJavaCrc32C",
          "org.apache.ratis.server.raftlog.segmented.BufferedWriteChannel");

  private RatisInPlace() {}

  /**
   * @throws IllegalStateException when one of the library's own classes would be used
   */
  static void check(ClassLoader loader) {
    for (String name : OURS) {
      try {
        URL own = source(Class.forName(RatisInPlace.class.getName(), false, loader));
        URL found = source(Class.forName(name, false, loader));
        if (!found.equals(own)) {
          throw new IllegalStateException(
              name
                  + " comes from "
                  + found
                  + ", but with Ratis' own a power cut can take back votes and log files: put "
                  + own
                  + " ahead of it on the class path");
        }
      } catch (ClassNotFoundException e) {
        throw new IllegalStateException(name + " is missing from the class path", e);
      }
    }
  }

  private static URL source(Class<?> type) {
    return type.getProtectionDomain().getCodeSource().getLocation();
  }
}
