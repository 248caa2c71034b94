package io.flotilla.client.internal;

import io.flotilla.client.Admin;
import io.flotilla.client.GroupConsumer;
import io.flotilla.client.GroupOptions;
import io.flotilla.client.Producer;
import io.flotilla.client.ProducerOptions;
import io.flotilla.client.SubscribeOptions;
import io.flotilla.client.Subscriber;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the parts of one client share: channels, topology, the timer. Hands out the parts and closes
 * them first when it is closed. Safe for many threads.
 */
public final class Connections implements AutoCloseable {

  private final Timer timer = new Timer();
  private final Channels channels;
  private final Topology topology;
  private final FetchStreams streams;
  private final AdminCalls admin;
  private final Set<AutoCloseable> parts = ConcurrentHashMap.newKeySet();

  public Connections(
      List<Address> servers, String clientName, Duration requestTimeout, boolean routeToLeaders) {
    this.channels = new Channels(header(clientName));
    this.topology = new Topology(servers, channels, timer, routeToLeaders);
    this.streams = new FetchStreams(channels, topology, timer);
    this.admin = new AdminCalls(new Unary(servers, channels), streams, requestTimeout);
  }

  private static String header(String clientName) {
    String version = Connections.class.getPackage().getImplementationVersion();
    String self = "java/" + (version == null ? "development" : version);
    return clientName.isEmpty() ? self : self + " " + clientName;
  }

  public Admin admin() {
    return admin;
  }

  public Producer producer(ProducerOptions options) {
    return new BatchingProducer(
        options, new Sender(options, channels, topology, timer), admin, parts);
  }

  public Subscriber subscribe(SubscribeOptions options) {
    return new FetchSubscriber(options, streams, admin, parts);
  }

  public GroupConsumer join(GroupOptions options) {
    FetchGroupConsumer consumer = new FetchGroupConsumer(options, streams, admin.timeout(), parts);
    consumer.start();
    return consumer;
  }

  @Override
  public void close() {
    RuntimeException first = null;
    for (AutoCloseable part : new ArrayList<>(parts)) {
      try {
        part.close();
      } catch (Exception e) {
        RuntimeException failure =
            e instanceof RuntimeException runtime ? runtime : new IllegalStateException(e);
        if (first == null) {
          first = failure;
        } else {
          first.addSuppressed(failure);
        }
      }
    }
    topology.close();
    timer.close();
    channels.close();
    if (first != null) {
      throw first;
    }
  }
}
