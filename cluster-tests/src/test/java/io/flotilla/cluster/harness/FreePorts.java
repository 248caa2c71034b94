package io.flotilla.cluster.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Loopback ports that nobody listens on. They lie below the range from which the kernel takes the
 * ports of outgoing connections: otherwise a connection could take the port of a killed node before
 * it is started again. A port is never handed out twice in one run. Safe.
 */
public final class FreePorts {
  private static final int FIRST = 15_000;
  private static final int AFTER = 32_000;
  private static final int ATTEMPTS_MAX = 10_000;
  private static final Random RANDOM = new Random();
  private static final Set<Integer> TAKEN = new LinkedHashSet<>();

  private FreePorts() {}

  /** Takes {@code count} ports. */
  public static synchronized List<Integer> take(int count) {
    List<Integer> ports = new ArrayList<>();
    for (int attempt = 0; ports.size() < count; attempt++) {
      if (attempt == ATTEMPTS_MAX) {
        throw new IllegalStateException("no free loopback port between " + FIRST + " and " + AFTER);
      }
      int port = FIRST + RANDOM.nextInt(AFTER - FIRST);
      if (!TAKEN.contains(port) && isFree(port)) {
        TAKEN.add(port);
        ports.add(port);
      }
    }
    return ports;
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (BindException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
