package io.flotilla.client.internal;

import io.flotilla.client.FlotillaClientException;
import io.flotilla.client.GroupOptions;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.v1.ConsumeResponse;
import io.flotilla.proto.v1.Joined;
import io.flotilla.proto.v1.TopicPartition;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A membership of a group: one Consume stream, resumed on another server by its token whenever it
 * is lost, and begun anew when it is over. Runs on gRPC's threads and the client's timer, and so
 * lives however slow the user is. Guarded by the {@link Fetcher}'s monitor.
 */
final class GroupMembership {

  private static final Logger LOG = LoggerFactory.getLogger(GroupMembership.class);

  /** A server that has not answered a join by then is given up. */
  private static final long JOIN_MS_MAX = 5_000;

  /** A group that has not taken note of a good-bye by then is not waited for. */
  private static final long LEAVE_MS_MAX = 3_000;

  /** After this many failures in a row another server is asked, even if this one answers. */
  private static final int SAME_SERVER_FAILURES = 3;

  private final GroupOptions options;
  private final FetchStreams streams;
  private final Object monitor;
  private final Holdings holdings;

  private @Nullable GroupStream stream;
  private @Nullable GroupStream previous; // asked to be left, until the next one has joined
  private @Nullable FlotillaClientException failure;
  private String token = "";
  private String memberId = "";
  private int failures;
  private boolean closed;
  private boolean left;

  GroupMembership(GroupOptions options, FetchStreams streams, Fetcher monitor, Holdings holdings) {
    this.options = options;
    this.streams = streams;
    this.monitor = monitor;
    this.holdings = holdings;
  }

  /** Joins, or resumes. */
  void connect() {
    synchronized (monitor) { // here and below: guards all fields that are not final
      if (closed || failure != null || stream != null) {
        return;
      }
      GroupStream next = new GroupStream(Route.proxied(streams.topology().anyServer()), this);
      stream = next;
      next.open(streams.channels(), GroupWire.join(options, token));
      streams.later(() -> checkJoined(next), JOIN_MS_MAX);
    }
  }

  private void checkJoined(GroupStream late) {
    synchronized (monitor) {
      if (stream == late && !late.joined && !closed) {
        LOG.debug("no answer to a join group={} server={}", options.group(), late.route());
        streams.topology().avoid(late.route());
        stream = null;
        late.cancel();
        connect();
      }
    }
  }

  void onResponse(GroupStream from, ConsumeResponse response) {
    synchronized (monitor) {
      if (stream != from) {
        return;
      }
      if (closed) {
        if (response.hasGoAway()) { // It does not pass the good-bye on any more.
          streams.topology().avoid(from.route());
          stream = null;
          monitor.notifyAll();
        }
        return;
      }
      switch (response.getResponseCase()) {
        case JOINED -> joined(from, response.getJoined());
        case ASSIGNED -> {
          release(holdings.assigned(response.getAssigned().getPartitionsList(), from.allIsTold));
          from.allIsTold = false;
        }
        case REVOKED -> release(holdings.revoked(response.getRevoked().getPartitionsList()));
        case LOST -> holdings.lost(response.getLost().getPartitionsList());
        case GO_AWAY -> moveOn(from);
        case DELIVERY, ACKED, RESPONSE_NOT_SET -> {
          // Not asked for, or newer than this client: nothing that it must know.
        }
      }
      monitor.notifyAll();
    }
  }

  private void joined(GroupStream by, Joined joined) {
    by.joined = true;
    by.allIsTold = joined.getResumed();
    failures = 0;
    token = joined.getSessionToken();
    memberId = joined.getMemberId();
    if (!joined.getResumed()) {
      holdings.loseAll();
    }
    leavePrevious();
  }

  private void leavePrevious() {
    if (previous != null) {
      previous.cancel();
      previous = null;
    }
  }

  /** The server is about to leave; it is held on to until another one has resumed. */
  private void moveOn(GroupStream from) {
    streams.topology().avoid(from.route());
    leavePrevious();
    previous = from;
    stream = null;
    connect();
  }

  /** The server has ended the stream well: the member has left, or the server does. */
  void onCompleted(GroupStream ended, Refusal asRefusal) {
    synchronized (monitor) {
      left |= closed && stream == ended;
      onEnd(ended, asRefusal);
    }
  }

  void onEnd(GroupStream ended, Refusal refusal) {
    synchronized (monitor) {
      if (stream != ended) {
        return;
      }
      stream = null;
      if (!closed) {
        again(ended, refusal);
      } else if (!refusal.retryable()) {
        left = true; // It is known no more.
      } else if (isDown(refusal)) {
        streams.topology().avoid(ended.route());
      }
      monitor.notifyAll();
    }
  }

  private void again(GroupStream ended, Refusal refusal) {
    LOG.debug("consume stream lost group={} why={}", options.group(), refusal.message());
    failures++;
    if (refusal.is(ErrorReason.ERROR_REASON_MEMBER_FENCED)) {
      token = "";
      holdings.loseAll();
    } else if (!refusal.retryable()) {
      failure = refusal.toException();
      holdings.loseAll();
      return;
    } else if (isDown(refusal) || failures % SAME_SERVER_FAILURES == 0) {
      streams.topology().avoid(ended.route());
    }
    streams.later(this::connect, Backoff.pauseMs(failures, refusal));
  }

  /** It is the server itself, not the group's coordinator behind it. */
  private static boolean isDown(Refusal refusal) {
    return refusal.is(ErrorReason.ERROR_REASON_UNSPECIFIED)
        || refusal.is(ErrorReason.ERROR_REASON_STARTING)
        || refusal.is(ErrorReason.ERROR_REASON_SHUTTING_DOWN);
  }

  /** Lets partitions go that the listener was told of. */
  void letGo(Collection<Held> some) {
    release(holdings.release(some));
  }

  /** Unless a stream is there, the next one finds out what was let go meanwhile. */
  private void release(List<TopicPartition> partitions) {
    if (stream != null && stream.joined && !partitions.isEmpty()) {
      stream.release(partitions);
    }
  }

  /** Why there is no membership and will be none; null while there is hope. */
  @Nullable FlotillaClientException failure() {
    return failure;
  }

  String memberId() {
    return memberId;
  }

  /** Leaves; a static member only goes silent, so that a successor finds its partitions. */
  void close() {
    synchronized (monitor) {
      closed = true;
      leavePrevious();
      boolean member = failure == null && (stream != null || !token.isEmpty());
      if (member && options.instanceId().isEmpty()) {
        leave();
      }
      if (stream != null) {
        stream.cancel();
        stream = null;
      }
    }
  }

  /** Says good-bye, on one server after the other, until the group has taken note. */
  private void leave() {
    long deadline = System.nanoTime() + LEAVE_MS_MAX * 1_000_000;
    int attempts = 0;
    while (!left && deadline - System.nanoTime() > 0 && !Thread.currentThread().isInterrupted()) {
      if (stream == null && token.isEmpty()) {
        return; // It is not known to have joined, and would only now.
      }
      if (stream == null) {
        stream = new GroupStream(Route.proxied(streams.topology().anyServer()), this);
        stream.open(streams.channels(), GroupWire.join(options, token));
      }
      stream.leave();
      while (stream != null && Waiting.until(monitor, deadline)) {
        // until the server has ended the stream
      }
      long again = System.nanoTime() + Backoff.pauseMs(++attempts, 0) * 1_000_000;
      while (!left && Waiting.until(monitor, Math.min(again, deadline))) {
        // until it is time for another attempt
      }
    }
  }
}
