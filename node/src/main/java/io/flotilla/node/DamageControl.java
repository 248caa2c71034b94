package io.flotilla.node;

import io.flotilla.node.config.NodeConfig;
import io.flotilla.node.core.log.LogReader;
import io.flotilla.node.core.metadata.GroupInfo;
import io.flotilla.node.core.metadata.MetadataImage;
import io.flotilla.node.core.metadata.MetadataReader;
import io.flotilla.node.model.NodeIdentity;
import io.flotilla.node.raft.DamagedGroup;
import io.flotilla.node.raft.GroupDisks;
import io.flotilla.node.raft.GroupIds;
import io.flotilla.node.router.PeerChannels;
import io.flotilla.node.store.CorruptStoreException;
import io.flotilla.node.store.Keys;
import io.flotilla.node.store.Store;
import io.flotilla.node.store.Table;
import io.flotilla.node.store.WriteBatch;
import io.flotilla.node.store.rocks.RocksFault;
import io.flotilla.node.store.rocks.RocksSettings;
import io.flotilla.node.store.rocks.RocksStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the store, and looks through the Raft logs before anything votes with them. A node whose
 * disk lost what it had confirmed takes another name, under which it has no vote, puts aside what
 * is damaged, and is let in again by the groups, which give it what it lacks; what is whole it
 * keeps. Refuses to start when nobody could give it back. Runs on the starting thread, and waits
 * for most other nodes before it changes anything.
 *
 * <p>The name comes first and what marks the damage goes last, so a crash between two steps has
 * everything done again at the next start.
 */
final class DamageControl {

  private static final Logger LOG = LoggerFactory.getLogger(DamageControl.class);

  /** With fewer members, the others are no majority without this node. */
  private static final int MEMBERS_MIN = 3;

  private final NodeConfig config;
  private final RocksSettings settings;
  private final BiConsumer<String, Throwable> fatal;
  private final IdentityFile identityFile;
  private final PeerChannels channels;
  private final GroupDisks disks;
  private final Path storeDir;
  private final Path aside;
  private NodeIdentity identity;

  /**
   * @param fatal told when the store must not go on
   */
  DamageControl(
      NodeConfig config,
      RocksSettings settings,
      IdentityFile identityFile,
      PeerChannels channels,
      BiConsumer<String, Throwable> fatal) {
    this.config = config;
    this.settings = settings;
    this.fatal = fatal;
    this.identityFile = identityFile;
    this.channels = channels;
    this.disks = new GroupDisks(config.dir().resolve("raft"));
    this.storeDir = config.dir().resolve("store");
    this.aside = config.dir().resolve("damaged");
    this.identity = identityFile.open(config.id());
  }

  /** Who this node is, after {@link #openStore}. */
  NodeIdentity identity() {
    return identity;
  }

  /** The store, when all that is left beside it can be trusted. */
  Store openStore() {
    Store store;
    try {
      store = open();
    } catch (CorruptStoreException e) {
      replaceStore(e);
      store = open();
    }
    try {
      List<DamagedGroup> damaged = identity.formed() ? disks.damaged(store) : List.of();
      if (!damaged.isEmpty()) {
        rebuild(damaged, store);
      }
      return store;
    } catch (IOException e) {
      store.close();
      throw new UncheckedIOException("the Raft logs in " + config.dir() + " cannot be read", e);
    } catch (RuntimeException e) {
      store.close();
      throw e;
    }
  }

  private Store open() {
    return RocksStore.open(storeDir, settings, fatal);
  }

  private void rebuild(List<DamagedGroup> damaged, Store store) throws IOException {
    for (DamagedGroup group : damaged) {
      LOG.error(
          "replica is damaged and will not vote; the other nodes are to rebuild it group={}: {}",
          group.group(),
          group.what());
    }
    MetadataImage image = MetadataReader.open(store);
    requireOthers(image, damaged.get(0).what());
    takeAnotherName(damaged.get(0).what());
    List<Long> groups = damaged.stream().map(DamagedGroup::group).toList();
    keepOnly(groups);
    for (long group : groups) {
      disks.setAside(group, aside);
    }
    try (WriteBatch batch = store.newBatch()) {
      groups.forEach(group -> drop(group, image, batch));
      store.commit(batch);
    }
    store.flush();
    disks.forget(groups);
  }

  /** What was put aside earlier has been looked at, or never will be: only the newest is kept. */
  private void keepOnly(List<Long> groups) throws IOException {
    List<String> names = groups.stream().map(GroupDisks::folderName).toList();
    if (Files.isDirectory(aside)) {
      try (Stream<Path> older = Files.list(aside)) {
        for (Path folder : older.toList()) {
          if (!names.contains(folder.getFileName().toString())) {
            GroupDisks.delete(folder);
          }
        }
      }
    }
  }

  private static void drop(long group, MetadataImage image, WriteBatch batch) {
    GroupDisks.dropApplied(group, batch);
    if (group == GroupIds.METADATA) {
      batch.deleteRange(Table.METADATA, Keys.FIRST, Keys.last());
    }
    GroupInfo info = image.group(group);
    if (info != null) {
      info.partitions().forEach(partition -> LogReader.dropPartition(partition, batch));
    }
  }

  /** All groups are in one store: without it none of them has anything that its log had purged. */
  private void replaceStore(CorruptStoreException damage) {
    if (!identity.formed()) {
      throw damage;
    }
    LOG.error("the store is damaged; the other nodes are to rebuild all replicas here", damage);
    requireOthers(String.valueOf(damage.getMessage()));
    takeAnotherName(String.valueOf(damage.getMessage()));
    try {
      List<Long> groups = disks.onDisk();
      keepOnly(groups);
      for (long group : groups) {
        disks.setAside(group, aside);
      }
      Files.createDirectories(aside);
      Files.move(storeDir, aside.resolve("store"));
      disks.forget(groups);
    } catch (IOException e) {
      throw new UncheckedIOException("what is damaged in " + config.dir() + " cannot be moved", e);
    }
  }

  /** As far as what is left of the store tells which groups are here. */
  private void requireOthers(String what) {
    try (Store left = RocksStore.openGivenUp(storeDir, settings)) {
      requireOthers(MetadataReader.open(left), what);
    } catch (CorruptStoreException | RocksFault e) {
      LOG.warn("what groups the damaged store held cannot be read any more", e);
    }
  }

  private void requireOthers(MetadataImage image, String what) {
    for (GroupInfo group : image.groups().values()) {
      if (group.nodeIds().contains(identity.nodeId())) {
        require(group.group(), group.peers().size(), what);
      }
    }
  }

  /** From here on nothing of this node votes; durable before anything is removed. */
  private void takeAnotherName(String what) {
    require(GroupIds.METADATA, config.nodes().size(), what);
    try {
      new Bootstrap(identity, config.nodes(), channels).awaitOthers();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for the other nodes", e);
    }
    String before = identity.peerId();
    identity = identity.withIncarnation(IdentityFile.newIncarnation());
    identityFile.write(identity);
    LOG.warn("node goes on as a new member peer={} was={}", identity.peerId(), before);
  }

  private void require(long group, int members, String what) {
    if (members < MEMBERS_MIN) {
      throw new IllegalStateException(
          "the data in "
              + config.dir()
              + " is damaged ("
              + what
              + "), and group "
              + group
              + " has too few members, "
              + members
              + ", for the others to give back what this node would drop."
              + " Restore the folder from a backup");
    }
  }
}
