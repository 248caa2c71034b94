package io.flotilla.testing;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Store;

/**
 * The clusters that classes share, one for each number of nodes; started when first asked for and
 * closed when all tests are done. A cluster that has become full is replaced between classes: to
 * delete a topic takes longer than to start a node. Safe: classes may run in parallel.
 */
@SuppressWarnings("deprecation") // Of JUnit since 5.13, which before closes nothing else.
final class ClusterPool implements Store.CloseableResource, AutoCloseable {

  private static final class Shared {
    private final FlotillaCluster cluster;
    private int users;

    Shared(FlotillaCluster cluster) {
      this.cluster = cluster;
    }
  }

  private final List<Shared> clusters = new ArrayList<>();
  private final Thread hook = new Thread(this::closeAll, "flotilla-test-stop");

  private ClusterPool() {
    // For a run that is cut short.
    Runtime.getRuntime().addShutdownHook(hook);
  }

  static ClusterPool of(ExtensionContext context) {
    Store store = context.getRoot().getStore(FlotillaExtension.NAMESPACE);
    synchronized (ClusterPool.class) {
      ClusterPool pool = store.get(ClusterPool.class, ClusterPool.class);
      if (pool == null) {
        pool = new ClusterPool();
        store.put(ClusterPool.class, pool);
      }
      return pool;
    }
  }

  /** To be given back by {@link #release}. */
  synchronized FlotillaCluster take(int nodes) {
    Shared shared =
        clusters.stream()
            .filter(s -> s.cluster.size() == nodes && !s.cluster.full())
            .findFirst()
            .orElse(null);
    if (shared == null) {
      shared = new Shared(FlotillaCluster.start(nodes));
      clusters.add(shared);
    }
    shared.users++;
    return shared.cluster;
  }

  synchronized void release(FlotillaCluster cluster) {
    for (Shared shared : List.copyOf(clusters)) {
      if (shared.cluster == cluster && --shared.users == 0 && cluster.full()) {
        clusters.remove(shared);
        cluster.close();
      }
    }
  }

  private synchronized void closeAll() {
    clusters.forEach(shared -> shared.cluster.close());
    clusters.clear();
  }

  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(hook);
    closeAll();
  }
}
