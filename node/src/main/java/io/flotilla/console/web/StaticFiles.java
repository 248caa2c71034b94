package io.flotilla.console.web;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The files that the build made, from the jar, packed once when first asked for. Those with a hash
 * in their name never change; the others are asked for again each time, by ETag. Safe.
 */
public final class StaticFiles {

  /** What {@code index.html} stands for when the build left the console out. */
  public static final String LEFT_OUT =
      "this node was built without its console (-Dconsole.skip, or without Node.js 18 and npm);"
          + " there are /live, /ready and /metrics\n";

  private static final Pattern NAME = Pattern.compile("(assets/)?[A-Za-z0-9_-]+\\.[a-z0-9]+");
  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "svg", "image/svg+xml");

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Packed(byte[] gzip, String tag) {}

  private final Map<String, Packed> files = new ConcurrentHashMap<>();

  /** Answers for a path, without the slash that it begins with. */
  public void answer(HttpExchange exchange, String path) throws IOException {
    String name = path.isEmpty() ? "index.html" : path;
    Packed file = NAME.matcher(name).matches() ? file(name) : null;
    if (file == null) {
      boolean left = name.equals("index.html");
      Answers.text(
          exchange,
          Refusal.NOT_FOUND,
          left ? LEFT_OUT : "not here; there are /, /live, /ready and /metrics\n");
      return;
    }
    Headers headers = exchange.getResponseHeaders();
    String ending = name.substring(name.lastIndexOf('.') + 1);
    headers.set("Content-Type", TYPES.getOrDefault(ending, "application/octet-stream"));
    headers.set("ETag", file.tag);
    headers.set("Vary", "Accept-Encoding");
    headers.set(
        "Cache-Control",
        name.startsWith("assets/") ? "public, max-age=31536000, immutable" : "no-cache");
    if (file.tag.equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
      Answers.write(exchange, 304, new byte[0]);
    } else if (Answers.takesGzip(exchange)) {
      headers.set("Content-Encoding", "gzip");
      Answers.write(exchange, 200, file.gzip);
    } else {
      Answers.write(exchange, 200, plain(name));
    }
  }

  private @Nullable Packed file(String name) throws IOException {
    Packed known = files.get(name);
    if (known != null) {
      return known;
    }
    try (InputStream stream = open(name)) {
      if (stream == null) {
        return null;
      }
      byte[] plain = stream.readAllBytes();
      CRC32C hash = new CRC32C();
      hash.update(plain);
      String tag = '"' + HexFormat.of().toHexDigits((int) hash.getValue()) + '"';
      Packed file = new Packed(Answers.gzip(plain), tag);
      files.put(name, file);
      return file;
    }
  }

  private static byte[] plain(String name) throws IOException {
    try (InputStream stream = open(name)) {
      return stream == null ? new byte[0] : stream.readAllBytes();
    }
  }

  private static @Nullable InputStream open(String name) {
    return StaticFiles.class.getResourceAsStream("/io/flotilla/console/static/" + name);
  }
}
