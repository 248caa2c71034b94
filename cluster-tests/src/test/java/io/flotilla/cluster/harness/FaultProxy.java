package io.flotilla.cluster.harness;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A TCP hop between a client and a node that can be cut, made half-open and slowed, without root.
 * Two threads a connection. Safe: the verbs may be called from any thread at any time.
 */
public final class FaultProxy implements AutoCloseable {
  private static final int BUFFER_BYTES = 16 << 10;
  private static final int BACKLOG = 50;

  private final ServerSocket listener;
  private final int target;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean cut; // guarded by lock, as is all that follows
  private boolean answersHeld;
  private long delayNanos;
  private boolean closed;

  private FaultProxy(ServerSocket listener, int target) {
    this.listener = listener;
    this.target = target;
  }

  /** Forwards from a port of its own to {@code target} on loopback. */
  public static FaultProxy to(int target) {
    try {
      ServerSocket listener =
          new ServerSocket(FreePorts.take(1).get(0), BACKLOG, InetAddress.getLoopbackAddress());
      FaultProxy proxy = new FaultProxy(listener, target);
      daemon("fault-proxy-accept", proxy::accept);
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return listener.getLocalPort();
  }

  /** Resets every connection and refuses new ones until {@link #heal}. */
  public void cut() {
    change(() -> cut = true);
    closeSockets();
  }

  /** Requests pass and answers do not, as after a one-way loss of packets, until {@link #heal}. */
  public void halfOpen() {
    change(() -> answersHeld = true);
  }

  /** Holds every piece back for this long, in both directions. */
  public void delay(Duration delay) {
    change(() -> delayNanos = delay.toNanos());
  }

  /** Ends all faults. Held answers are delivered. */
  public void heal() {
    change(
        () -> {
          cut = false;
          answersHeld = false;
          delayNanos = 0;
        });
  }

  @Override
  public void close() {
    change(() -> closed = true);
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    closeSockets();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        if (isCut()) {
          reset(client);
        } else {
          connect(client);
        }
      } catch (SocketException e) {
        // The node is down (the client sees a reset), or the proxy was closed (the loop ends).
        if (!listener.isClosed()) {
          System.out.printf("fault proxy to %d: %s%n", target, e.getMessage());
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void connect(Socket client) throws IOException {
    sockets.add(client);
    try {
      Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
      sockets.add(server);
      daemon("fault-proxy-requests", () -> pump(client, server, false));
      daemon("fault-proxy-answers", () -> pump(server, client, true));
    } catch (SocketException e) {
      reset(client);
      throw e;
    }
  }

  private void pump(Socket from, Socket to, boolean answers) {
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        awaitPassage(answers);
        out.write(buffer, 0, read);
        out.flush();
      }
    } catch (IOException e) {
      reset(to); // The other side learns of it as of a broken cable: by a reset.
    } finally {
      reset(from);
      reset(to);
    }
  }

  private void awaitPassage(boolean answers) throws IOException {
    lock.lock();
    try {
      long remaining = delayNanos;
      while (!closed && remaining > 0) {
        remaining = changed.awaitNanos(remaining);
      }
      while (!closed && answers && answersHeld) {
        changed.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      lock.unlock();
    }
  }

  private boolean isCut() {
    lock.lock();
    try {
      return cut;
    } finally {
      lock.unlock();
    }
  }

  private void change(Runnable change) {
    lock.lock();
    try {
      change.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void closeSockets() {
    sockets.forEach(this::reset);
  }

  private void reset(Socket socket) {
    sockets.remove(socket);
    try {
      if (!socket.isClosed()) {
        socket.setSoLinger(true, 0);
      }
      socket.close();
    } catch (SocketException e) {
      sockets.remove(socket); // The other pump closed it first.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void daemon(String name, Runnable body) {
    Thread thread = new Thread(body, name);
    thread.setDaemon(true);
    thread.start();
  }
}
