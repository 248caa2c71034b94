package io.flotilla.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flotilla.node.config.ConfigLoader;
import io.flotilla.node.config.NodeConfig;
import io.flotilla.node.core.Applied;
import io.flotilla.node.core.metadata.MetadataMachine;
import io.flotilla.node.model.NodeIdentity;
import io.flotilla.node.raft.GroupDisks;
import io.flotilla.node.raft.GroupIds;
import io.flotilla.node.router.PeerChannels;
import io.flotilla.node.store.Store;
import io.flotilla.node.store.WriteBatch;
import io.flotilla.node.store.rocks.RocksSettings;
import io.flotilla.proto.internal.v1.HelloRequest;
import io.flotilla.proto.internal.v1.HelloResponse;
import io.flotilla.proto.internal.v1.PeerServiceGrpc;
import io.flotilla.proto.state.v1.CreateTopic;
import io.flotilla.proto.state.v1.MetadataCommand;
import io.flotilla.proto.state.v1.ReplicaSet;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node does about damage before it opens anything; the others only say who they are. */
class DamageControlTest {

  private static final String CLUSTER = "c1";
  private static final int MESSAGE_BYTES = 1 << 20;

  @TempDir Path dir;
  private volatile boolean settled = true;
  private final List<Server> others = new ArrayList<>();
  private final PeerChannels channels = new PeerChannels(MESSAGE_BYTES);

  @AfterEach
  void close() {
    channels.close();
    others.forEach(Server::shutdownNow);
  }

  /** Another node of the cluster; answers as configured in cluster.nodes. */
  private String other(int id) throws IOException {
    Server server =
        NettyServerBuilder.forPort(0)
            .addService(
                new PeerServiceGrpc.PeerServiceImplBase() {
                  @Override
                  public void hello(HelloRequest asked, StreamObserver<HelloResponse> answer) {
                    answer.onNext(
                        HelloResponse.newBuilder()
                            .setNodeId(id)
                            .setClusterId(CLUSTER)
                            .setSettled(settled)
                            .build());
                    answer.onCompleted();
                  }
                })
            .build()
            .start();
    others.add(server);
    return id + "@127.0.0.1:" + server.getPort() + ":" + (10 + id);
  }

  private DamageControl node(List<String> nodes) throws IOException {
    Path file = dir.resolve("node.yaml");
    Files.writeString(
        file,
        "node: {id: 1, dir: \"%s\"}\ncluster: {nodes: [\"%s\"]}\n"
            .formatted(data(), String.join("\", \"", nodes)));
    NodeConfig config = ConfigLoader.load(file, Map.of());
    return new DamageControl(
        config,
        RocksSettings.defaults(),
        new IdentityFile(config.dir()),
        channels,
        (what, cause) -> {});
  }

  private Path data() {
    return dir.resolve("data");
  }

  private Path metadata() {
    return data().resolve("raft/groups").resolve(GroupDisks.folderName(GroupIds.METADATA));
  }

  private void write(NodeIdentity identity) {
    new IdentityFile(data()).write(identity);
  }

  /** A group of which only an empty vote is left. */
  private void damage() throws IOException {
    new GroupDisks(data().resolve("raft")).forget(List.of());
    Path current = Files.createDirectories(metadata().resolve("current"));
    Files.createFile(current.resolve("raft-meta"));
    Files.writeString(current.resolve("log_0-9"), "nothing of a log");
  }

  private static NodeIdentity formed(String... founders) {
    return new NodeIdentity(1, "aa", CLUSTER, List.of(founders));
  }

  @Test
  void aNodeThatNobodyCouldRebuildRefusesToStartAndSaysWhy() throws Exception {
    write(formed("1.aa"));
    damage();

    assertThatThrownBy(() -> node(List.of("1@127.0.0.1:1:2")).openStore())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("raft-meta")
        .hasMessageContaining("group 1 has too few members, 1");
    assertThat(metadata()).isDirectory();
    assertThat(new IdentityFile(data()).open(1)).isEqualTo(formed("1.aa"));
  }

  @Test
  void aDamagedNodeTakesAnotherNameAndPutsTheGroupAside() throws Exception {
    write(formed("1.aa", "2.bb", "3.cc"));
    damage();
    DamageControl node = node(List.of("1@127.0.0.1:1:2", other(2), other(3)));

    node.openStore().close();

    assertThat(node.identity().incarnation()).isNotEqualTo("aa");
    assertThat(node.identity().founder()).isFalse();
    assertThat(new IdentityFile(data()).open(1)).isEqualTo(node.identity());
    assertThat(metadata()).doesNotExist();
    assertThat(data().resolve("damaged").resolve(metadata().getFileName())).isDirectory();
  }

  @Test
  void aDamagedNodeKeepsItsNameWhileAnotherIsBeingRebuilt() throws Exception {
    write(formed("1.aa", "2.bb", "3.cc"));
    damage();
    DamageControl node = node(List.of("1@127.0.0.1:1:2", other(2), other(3)));
    settled = false;

    CompletableFuture<Void> opening = CompletableFuture.runAsync(() -> node.openStore().close());
    await()
        .during(Duration.ofSeconds(1))
        .atMost(Duration.ofSeconds(10))
        .until(() -> !opening.isDone() && node.identity().incarnation().equals("aa"));

    settled = true;
    opening.get(10, TimeUnit.SECONDS);
    assertThat(node.identity().incarnation()).isNotEqualTo("aa");
  }

  @Test
  void aNodeThatLostHowFarItsLogsWereTakesAnotherName() throws Exception {
    write(formed("1.aa", "2.bb", "3.cc"));
    DamageControl node = node(List.of("1@127.0.0.1:1:2", other(2), other(3)));

    node.openStore().close();
    String named = node.identity().incarnation();
    assertThat(named).isNotEqualTo("aa");

    DamageControl again = node(List.of("1@127.0.0.1:1:2", other(2), other(3)));
    try (Store store = again.openStore()) {
      assertThat(again.identity().incarnation()).isEqualTo(named);
    }
  }

  @Test
  void aStoreThatWasGivenUpIsPutAsideAndBegunAnew() throws Exception {
    write(formed("1.aa", "2.bb", "3.cc"));
    new GroupDisks(data().resolve("raft")).forget(List.of());
    try (Store store = node(List.of("1@127.0.0.1:1:2")).openStore()) {
      store.giveUp("a block does not match its checksum");
    }
    DamageControl node = node(List.of("1@127.0.0.1:1:2", other(2), other(3)));

    node.openStore().close();

    assertThat(node.identity().incarnation()).isNotEqualTo("aa");
    assertThat(data().resolve("damaged/store")).isDirectory();
    node(List.of("1@127.0.0.1:1:2", other(2), other(3))).openStore().close();
  }

  @Test
  void aStoreThatWasGivenUpStaysWhereItHoldsTheOnlyReplica() throws Exception {
    NodeIdentity before = formed("1.aa", "2.bb", "3.cc");
    write(before);
    new GroupDisks(data().resolve("raft")).forget(List.of());
    try (Store store = node(List.of("1@127.0.0.1:1:2")).openStore()) {
      createTopicWithOneReplicaHere(store);
      store.flush();
      store.giveUp("a block does not match its checksum");
    }
    DamageControl node = node(List.of("1@127.0.0.1:1:2", other(2), other(3)));

    assertThatThrownBy(node::openStore)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("a block does not match its checksum")
        .hasMessageContaining("too few members, 1");
    assertThat(data().resolve("store")).isDirectory();
    assertThat(new IdentityFile(data()).open(1)).isEqualTo(before);
  }

  private static void createTopicWithOneReplicaHere(Store store) {
    MetadataMachine machine = new MetadataMachine(store, image -> {});
    MetadataCommand create =
        MetadataCommand.newBuilder()
            .setCreateTopic(
                CreateTopic.newBuilder()
                    .setName("alone")
                    .setReplicationFactor(1)
                    .setPartitions(1)
                    .addGroups(ReplicaSet.newBuilder().addPeers("1.aa")))
            .build();
    try (WriteBatch batch = store.newBatch()) {
      machine.apply(new Applied(1, 1), create.toByteString(), batch);
      store.commit(batch);
    }
  }

  @Test
  void aNewNodeIsNotLookedThrough() throws Exception {
    DamageControl node = node(List.of("1@127.0.0.1:1:2"));

    node.openStore().close();

    assertThat(node.identity().formed()).isFalse();
  }
}
