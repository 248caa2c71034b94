package io.flotilla.console.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URI;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Keeps strange sites out, which a browser that reaches this node would let in: a name that they
 * had pointed here (by {@code Host}), and requests that they make it send (by {@code Origin},
 * {@code Sec-Fetch-Site} and the type of the content). Immutable.
 */
public final class Guard {

  private static final int BODY_BYTES_MAX = 2 << 20;
  private static final Pattern NUMERIC =
      Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|\\[[0-9a-f:.%]+]");

  private final Set<String> hosts;
  private final boolean actions;

  /**
   * @param hosts names by which this node may be called, in lower case, beside localhost and
   *     numeric addresses
   * @param actions whether anything may be changed
   */
  public Guard(Set<String> hosts, boolean actions) {
    this.hosts = Set.copyOf(hosts);
    this.actions = actions;
  }

  public boolean actions() {
    return actions;
  }

  /** Refuses what no page of this console would ask. */
  public void check(HttpExchange exchange) {
    Headers headers = exchange.getRequestHeaders();
    String host = headers.getFirst("Host");
    if (!known(host)) {
      throw new Refusal(
          Refusal.MISDIRECTED,
          "this node does not go by the name of \""
              + host
              + "\": call it by its address, or name it in http.console.hosts");
    }
    String site = headers.getFirst("Sec-Fetch-Site");
    boolean api = exchange.getRequestURI().getPath().startsWith("/api/");
    if (api && site != null && !site.equals("same-origin") && !site.equals("none")) {
      throw new Refusal(Refusal.FORBIDDEN, "another site asks for this");
    }
  }

  private boolean known(@Nullable String host) {
    if (host == null) {
      return false;
    }
    String name = host.toLowerCase(Locale.ROOT).replaceFirst(":\\d+$", "");
    // A numeric address cannot be pointed elsewhere.
    return name.equals("localhost") || NUMERIC.matcher(name).matches() || hosts.contains(name);
  }

  /** What a page of this console wants to be changed. */
  public JsonNode action(HttpExchange exchange) throws IOException {
    if (!actions) {
      throw new Refusal(
          Refusal.FORBIDDEN,
          "this console only shows: other machines reach it, and there are no identities yet."
              + " Where that is wanted, set http.console.actions to true");
    }
    if (!exchange.getRequestMethod().equals("POST")) {
      throw new Refusal(Refusal.BAD_METHOD, "actions are posted");
    }
    Headers headers = exchange.getRequestHeaders();
    String type = headers.getFirst("Content-Type");
    if (type == null || !type.split(";", 2)[0].strip().equals("application/json")) {
      throw new Refusal(Refusal.BAD_TYPE, "actions come as application/json");
    }
    String origin = headers.getFirst("Origin");
    if (origin != null && !sameHost(origin, headers.getFirst("Host"))) {
      throw new Refusal(Refusal.FORBIDDEN, "another site asks for this: " + origin);
    }
    byte[] body = exchange.getRequestBody().readNBytes(BODY_BYTES_MAX + 1);
    if (body.length > BODY_BYTES_MAX) {
      throw new Refusal(Refusal.TOO_LARGE, "more than " + BODY_BYTES_MAX + " bytes");
    }
    return object(body);
  }

  private static JsonNode object(byte[] body) throws IOException {
    try {
      JsonNode json = Answers.JSON.readTree(body);
      if (json.isObject()) {
        return json;
      }
    } catch (JsonProcessingException e) {
      throw Refusal.badRequest("an action is a JSON object: " + e.getOriginalMessage());
    }
    throw Refusal.badRequest("an action is a JSON object");
  }

  private static boolean sameHost(String origin, @Nullable String host) {
    try {
      return host != null && host.equalsIgnoreCase(URI.create(origin).getRawAuthority());
    } catch (IllegalArgumentException e) {
      throw new Refusal(Refusal.FORBIDDEN, "the origin is no address: " + e.getMessage());
    }
  }
}
