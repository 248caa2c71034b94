package io.flotilla.console.web;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Server-sent events to one browser, which reconnects by itself. Written by one thread; {@link
 * #stalled} and {@link #close} may come from any.
 */
public final class EventStream implements AutoCloseable {

  private static final byte[] KEEP_ALIVE = ":\n\n".getBytes(StandardCharsets.UTF_8);

  private final HttpExchange exchange;
  private final OutputStream out;
  private final AtomicLong writingSince = new AtomicLong();
  private volatile boolean closed;

  EventStream(HttpExchange exchange) throws IOException {
    this.exchange = exchange;
    Headers headers = exchange.getResponseHeaders();
    Answers.guardHeaders(headers);
    headers.set("Content-Type", "text/event-stream");
    headers.set("Cache-Control", "no-store");
    // Proxies would else gather what should be seen at once.
    headers.set("X-Accel-Buffering", "no");
    exchange.sendResponseHeaders(200, 0);
    out = exchange.getResponseBody();
    // Else nothing goes out before the first event, and the browser does not know that it is heard.
    keepAlive();
  }

  /** Sends an event; fails when the browser is gone. */
  public void send(String event, Object value) throws IOException {
    sendJson(event, Answers.json(value));
  }

  /** As {@link #send}, of what is JSON already, on one line. */
  public void sendJson(String event, byte[] json) throws IOException {
    byte[] head = ("event: " + event + "\ndata: ").getBytes(StandardCharsets.UTF_8);
    byte[] all = new byte[head.length + json.length + 2];
    System.arraycopy(head, 0, all, 0, head.length);
    System.arraycopy(json, 0, all, head.length, json.length);
    all[all.length - 2] = '\n';
    all[all.length - 1] = '\n';
    write(all);
  }

  /** Sends nothing, and so finds out whether the browser is still there. */
  public void keepAlive() throws IOException {
    write(KEEP_ALIVE);
  }

  private void write(byte[] bytes) throws IOException {
    writingSince.set(System.nanoTime() | 1);
    out.write(bytes);
    out.flush();
    writingSince.set(0);
  }

  public boolean closed() {
    return closed;
  }

  /** A write has been waiting for the browser for longer than this. */
  boolean stalled(long nanos) {
    long since = writingSince.get();
    return since != 0 && System.nanoTime() - since > nanos;
  }

  @Override
  public void close() {
    closed = true;
    exchange.close();
  }
}
