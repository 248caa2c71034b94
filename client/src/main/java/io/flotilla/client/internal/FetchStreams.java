package io.flotilla.client.internal;

/**
 * What reading and groups need of the rest of the client. Immutable.
 *
 * @param channels the ways to nodes
 * @param topology who leads
 * @param timer for attempts after a pause
 */
record FetchStreams(Channels channels, Topology topology, Timer timer) {

  FetchStream open(Route route, Fetcher owner, long share) {
    FetchStream stream = new FetchStream(route, owner, share);
    stream.open(channels);
    return stream;
  }

  void later(Runnable task, long ms) {
    timer.later(task, ms);
  }
}
