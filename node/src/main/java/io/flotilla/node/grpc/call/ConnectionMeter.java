package io.flotilla.node.grpc.call;

import io.flotilla.node.metrics.RequestMeters;
import io.grpc.Attributes;
import io.grpc.ServerTransportFilter;

/** Counts the connections that are open. On event loops; safe. */
public final class ConnectionMeter extends ServerTransportFilter {

  private final RequestMeters meters;

  public ConnectionMeter(RequestMeters meters) {
    this.meters = meters;
  }

  @Override
  public Attributes transportReady(Attributes attributes) {
    meters.connected();
    return attributes;
  }

  @Override
  public void transportTerminated(Attributes attributes) {
    if (attributes != null) { // Else it was never ready.
      meters.disconnected();
    }
  }
}
