package io.flotilla.console.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** Sends whole answers, all with the headers that keep strange sites out. Stateless. */
public final class Answers {

  public static final ObjectMapper JSON = new ObjectMapper();

  private static final int GZIP_FROM_BYTES = 1_400;
  private static final int UNREAD_BYTES_MAX = 64 << 20;
  private static final String POLICY =
      "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private Answers() {}

  /** On every answer of the console. */
  static void guardHeaders(Headers headers) {
    headers.set("Content-Security-Policy", POLICY);
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("X-Frame-Options", "DENY");
    headers.set("Referrer-Policy", "no-referrer");
    headers.set("Cross-Origin-Resource-Policy", "same-origin");
  }

  /** A value as JSON; its record components are the names. */
  public static byte[] json(Object value) {
    try {
      return JSON.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot be written as JSON: " + value.getClass(), e);
    }
  }

  public static void send(HttpExchange exchange, Object value) throws IOException {
    send(exchange, 200, value);
  }

  public static void refuse(HttpExchange exchange, Refusal refusal) throws IOException {
    problem(exchange, refusal.status(), null, refusal.text());
  }

  /** What went wrong: a reason of the catalogue, if there is one, and a sentence. */
  public static void problem(
      HttpExchange exchange, int status, @Nullable String reason, String message)
      throws IOException {
    send(exchange, status, problem(reason, message));
  }

  public static Object problem(@Nullable String reason, String message) {
    Map<String, Object> problem = new LinkedHashMap<>();
    problem.put("reason", reason);
    problem.put("message", message);
    return problem;
  }

  private static void send(HttpExchange exchange, int status, Object value) throws IOException {
    Headers headers = exchange.getResponseHeaders();
    headers.set("Content-Type", "application/json");
    headers.set("Cache-Control", "no-store");
    byte[] body = json(value);
    if (body.length >= GZIP_FROM_BYTES && takesGzip(exchange)) {
      headers.set("Content-Encoding", "gzip");
      body = gzip(body);
    }
    write(exchange, status, body);
  }

  /** Plain text. */
  public static void text(HttpExchange exchange, int status, String text) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
    write(exchange, status, text.getBytes(StandardCharsets.UTF_8));
  }

  static void write(HttpExchange exchange, int status, byte[] body) throws IOException {
    guardHeaders(exchange.getResponseHeaders());
    takeUnread(exchange.getRequestBody());
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(status, -1);
      return;
    }
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      exchange.getResponseBody().write(body);
    }
  }

  /**
   * Reads and drops what is left of a request. Closing a connection over unread bytes resets it,
   * and the reset can overtake the answer, which the browser then never sees (RFC 9112, 9.6).
   */
  private static void takeUnread(InputStream request) throws IOException {
    byte[] dropped = new byte[8 << 10];
    int read;
    for (int total = 0; total < UNREAD_BYTES_MAX; total += read) {
      read = request.read(dropped);
      if (read < 0) {
        return;
      }
    }
  }

  static boolean takesGzip(HttpExchange exchange) {
    String accepts = exchange.getRequestHeaders().getFirst("Accept-Encoding");
    return accepts != null && accepts.contains("gzip");
  }

  static byte[] gzip(byte[] plain) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(plain.length / 4);
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(plain);
    }
    return bytes.toByteArray();
  }
}
