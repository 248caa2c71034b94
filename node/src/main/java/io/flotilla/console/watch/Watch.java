package io.flotilla.console.watch;

import io.flotilla.client.Admin;
import io.flotilla.client.ClusterDescription;
import io.flotilla.client.FlotillaClientException;
import io.flotilla.client.GroupDescription;
import io.flotilla.console.web.Streams;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the cluster every two seconds, rarer where it is large, while somebody looks and for a
 * minute after; all pages of all browsers share what it sees. A thread {@code
 * flotilla-console-look}, and {@code flotilla-console-groups}, for coordinators may be silent for
 * seconds. Safe.
 */
public final class Watch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Watch.class);
  private static final Duration INTERVAL = Duration.ofSeconds(2);

  /** Beyond this many replicas for each second, looks become rarer. */
  private static final long REPLICAS_PER_SECOND = 1_500;

  private static final Duration LINGER = Duration.ofMinutes(1);
  private static final Duration ANSWER_MAX = Duration.ofSeconds(10);
  private static final Duration OLD = Duration.ofSeconds(15);
  private static final Duration GROUP_OLD = Duration.ofMillis(1_500);

  private final Supplier<Admin> admin;
  private final GroupLooks groups = new GroupLooks();
  private final Happenings happenings = new Happenings();
  private final History history = new History();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition wanted = lock.newCondition();
  private final Condition seen = lock.newCondition();
  private final Thread thread;
  private final AtomicBoolean looking = new AtomicBoolean();
  private final ExecutorService groupThread =
      Executors.newSingleThreadExecutor(task -> Streams.daemon(task, "flotilla-console-groups"));
  private @Nullable Sample latest;
  private @Nullable RuntimeException problem;
  private long problems;
  private long lookedAt;
  private long hurryTo;
  private boolean taking;
  private volatile boolean closed;

  public Watch(Supplier<Admin> admin) {
    this.admin = admin;
    thread = Streams.daemon(this::run, "flotilla-console-look");
    lookedAt = System.nanoTime() - LINGER.toNanos();
    thread.start();
  }

  /** The cluster as of a moment ago. */
  public Sample now() throws InterruptedException {
    return await(0, OLD, ANSWER_MAX);
  }

  /** The first sample that begins from now on: what was changed just now is in it. */
  public Sample anew() throws InterruptedException {
    lock.lock();
    try {
      long last = latest == null ? 0 : latest.number();
      // The one that is being taken has begun before.
      long after = taking ? last + 1 : last;
      hurryTo = Math.max(hurryTo, after + 1);
      wanted.signalAll();
      return await(after, ANSWER_MAX, ANSWER_MAX);
    } finally {
      lock.unlock();
    }
  }

  /** A sample behind the given one. */
  public Sample after(long number) throws InterruptedException {
    return await(number, ANSWER_MAX, ANSWER_MAX);
  }

  private Sample await(long number, Duration notOlder, Duration within)
      throws InterruptedException {
    lock.lock();
    try {
      lookedAt = System.nanoTime();
      wanted.signalAll();
      long failed = problems;
      long left = within.toNanos();
      while (true) {
        Sample sample = latest;
        if (sample != null
            && sample.number() > number
            && System.nanoTime() - sample.nanos() < notOlder.toNanos()) {
          return sample;
        }
        RuntimeException fault = problem;
        if (fault != null && problems > failed) {
          throw fault;
        }
        if (left <= 0 || closed) {
          throw new IllegalStateException("the cluster was not seen within " + within.toSeconds());
        }
        left = seen.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    try {
      while (!closed) {
        awaitLooker();
        long interval = look();
        pause(interval);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void awaitLooker() throws InterruptedException {
    lock.lock();
    try {
      while (System.nanoTime() - lookedAt >= LINGER.toNanos()) {
        wanted.await();
      }
    } finally {
      lock.unlock();
    }
  }

  private void pause(long nanos) throws InterruptedException {
    lock.lock();
    try {
      long left = nanos;
      while (left > 0 && (latest == null || latest.number() >= hurryTo)) {
        left = wanted.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Takes a sample; answers how long to wait for the next one. */
  private long look() {
    Sample before;
    lock.lock();
    try {
      taking = true;
      before = latest;
    } finally {
      lock.unlock();
    }
    Sample sample = null;
    RuntimeException fault = null;
    try {
      sample = take(before);
      remember(before, sample);
    } catch (FlotillaClientException e) {
      LOG.debug("the cluster is not told", e);
      fault = e;
    } catch (RuntimeException e) {
      LOG.warn("the console cannot look at the cluster", e);
      fault = e;
    }
    lock.lock();
    try {
      taking = false;
      problem = fault;
      if (sample != null) {
        latest = sample;
      } else {
        problems++;
      }
      seen.signalAll();
    } finally {
      lock.unlock();
    }
    int replicas = sample == null ? 0 : sample.cluster().replicas().size();
    long large = TimeUnit.SECONDS.toNanos(replicas) / REPLICAS_PER_SECOND;
    return Math.max(INTERVAL.toNanos(), large);
  }

  private Sample take(@Nullable Sample before) {
    Admin cluster = admin.get();
    // Rates are over the time between the moments at which replicas were asked.
    long nanos = System.nanoTime();
    ClusterDescription described = cluster.describeCluster(true);
    Sample sample =
        Sample.of(
            before,
            System.currentTimeMillis(),
            nanos,
            described,
            cluster.listTopics(),
            groups.listed());
    lookAtGroups(cluster);
    return sample;
  }

  private void lookAtGroups(Admin cluster) {
    if (!looking.compareAndSet(false, true)) {
      return;
    }
    groupThread.execute(
        () -> {
          try {
            groups.look(cluster);
          } finally {
            looking.set(false);
          }
        });
  }

  private void remember(@Nullable Sample before, Sample now) {
    if (before != null) {
      happenings.compare(before, now);
    }
    long unwell =
        now.topics().values().stream()
            .flatMap(topic -> topic.partitions().stream())
            .filter(each -> each.leader() == null || !each.missing().isEmpty())
            .count();
    Collection<GroupLook> looks = groups.all();
    history.add(
        new Point(
            now.atMs(),
            now.perSecond(),
            looks.stream().mapToDouble(GroupLook::consumed).sum(),
            looks.stream().mapToLong(GroupLook::lagMs).max().orElse(0),
            unwell));
  }

  /** The last quarter of an hour, oldest first. */
  public List<Point> history() {
    return history.points();
  }

  /** What happened last, newest first. */
  public List<Happening> happenings(int count) {
    return happenings.last(count);
  }

  /** Groups that have been looked at, in no order. */
  public Collection<GroupLook> groupLooks() {
    return groups.all();
  }

  /** How far a group was when it was last looked at; null = not yet. */
  public @Nullable GroupLook groupLook(String name) {
    return groups.known(name);
  }

  /** Why the groups could not be listed the last time; null: they were. */
  public @Nullable String groupsProblem() {
    return groups.problem();
  }

  /** All groups as last listed, without members and partitions. */
  public List<GroupDescription> groups() {
    return groups.listed();
  }

  /** Lists the groups now: what was changed just now is in it. */
  public void groupsAnew() {
    groups.list(admin.get());
  }

  /** How far a group is now. */
  public GroupLook group(String name) {
    return groups.fresh(admin.get(), name, GROUP_OLD);
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    groupThread.shutdownNow();
  }
}
