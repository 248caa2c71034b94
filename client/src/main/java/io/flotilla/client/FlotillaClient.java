package io.flotilla.client;

import io.flotilla.client.internal.Address;
import io.flotilla.client.internal.Connections;
import java.time.Duration;
import java.util.List;

/**
 * A connection to a cluster: knows its servers and hands out {@link Producer}, {@link Subscriber},
 * {@link GroupConsumer} and {@link Admin}, which share its connections. Connects lazily: the first
 * call says whether anybody is there. Safe for many threads; one client serves a process.
 */
public final class FlotillaClient implements AutoCloseable {

  private final List<String> servers;
  private final Connections connections;

  private FlotillaClient(Builder builder) {
    this.servers = builder.servers.stream().map(Address::toString).toList();
    this.connections =
        new Connections(
            builder.servers, builder.clientName, builder.requestTimeout, builder.routeToLeaders);
  }

  /** Connects to {@code host:port,host:port}; any node of the cluster will do. */
  public static FlotillaClient connect(String servers) {
    return builder(servers).build();
  }

  /** As {@link #connect}, with settings. */
  public static Builder builder(String servers) {
    return new Builder(servers);
  }

  /** A producer with the default options. */
  public Producer producer() {
    return producer(ProducerOptions.defaults());
  }

  /** A producer; close it to send what it holds. */
  public Producer producer(ProducerOptions options) {
    return connections.producer(options);
  }

  /** Begins reading. */
  public Subscriber subscribe(SubscribeOptions options) {
    return connections.subscribe(options);
  }

  /**
   * Takes part in a consumer group. Joins in the background; what keeps it from joining, {@link
   * GroupConsumer#poll} says. While no server can be reached it goes on trying.
   */
  public GroupConsumer join(GroupOptions options) {
    return connections.join(options);
  }

  /** Topics and the cluster. */
  public Admin admin() {
    return connections.admin();
  }

  /** The servers given at the beginning, as {@code host:port}. */
  public List<String> servers() {
    return servers;
  }

  /** Closes producers, subscribers and group consumers, then the connections. */
  @Override
  public void close() {
    connections.close();
  }

  /** Settings of a client. */
  public static final class Builder {
    private final List<Address> servers;
    private String clientName = "";
    private Duration requestTimeout = Duration.ofSeconds(30);
    private boolean routeToLeaders = true;

    private Builder(String servers) {
      this.servers = Address.parseAll(servers);
    }

    /** Shown in the servers' logs beside the client's version. */
    public Builder clientName(String name) {
      this.clientName = name;
      return this;
    }

    /** How long a call of {@link Admin} may take, retries included; 30 s. */
    public Builder requestTimeout(Duration timeout) {
      Checks.duration("requestTimeout", timeout, Duration.ofMillis(1));
      this.requestTimeout = timeout;
      return this;
    }

    /**
     * True (the default): learn where leaders are and talk to them. False: everything goes through
     * the given servers, for example when only a load balancer can be reached.
     */
    public Builder routeToLeaders(boolean route) {
      this.routeToLeaders = route;
      return this;
    }

    public FlotillaClient build() {
      return new FlotillaClient(this);
    }
  }
}
