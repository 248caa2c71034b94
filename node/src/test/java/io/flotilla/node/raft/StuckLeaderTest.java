package io.flotilla.node.raft;

import static io.flotilla.node.raft.RaftNodes.GROUP;
import static io.flotilla.node.raft.RaftNodes.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.TransferLeadershipRequest;
import org.apache.ratis.server.RaftServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A transfer of leadership to a node that was killed just now fails as soon as it begins, if the
 * threads run so. In Ratis 3.3.0 the leader then refuses every write and every change of members,
 * and goes on leading: a partition was unavailable for ever.
 */
class StuckLeaderTest {

  @TempDir Path folder;
  private RaftNodes nodes;

  @BeforeEach
  void start() throws Exception {
    nodes = new RaftNodes(folder, 3);
    nodes.count();
  }

  @AfterEach
  void close() {
    nodes.close();
  }

  @Test
  void aLeaderThatATransferLeftSteppingDownStepsDown() throws Exception {
    int id = nodes.leader();
    Replica leader = Objects.requireNonNull(nodes.node(id).host.replica(GROUP));
    String other = id % 3 + 1 + ".aa";
    leaveSteppingDown(nodes.node(id).host, other);
    assertThatThrownBy(
            () ->
                leader
                    .propose(ByteString.copyFromUtf8("a"))
                    .get(SOON.toSeconds(), TimeUnit.SECONDS))
        .hasRootCauseMessage(id + ".aa@group-000000000001 is stepping down");

    assertThat(leader.transferLeadership(other).get(SOON.toSeconds(), TimeUnit.SECONDS)).isFalse();

    assertThat(nodes.count()).isEqualTo(2);
  }

  /** As TransferLeadership.start does when the request fails at once: nobody clears it. */
  private static void leaveSteppingDown(RaftHost host, String to) throws Exception {
    RaftServer server = (RaftServer) field(host.getClass(), "server").get(host);
    RaftServer.Division division = server.getDivision(GroupIds.toRatis(GROUP));
    Method getter = division.getClass().getDeclaredMethod("getTransferLeadership");
    Object transfers = open(getter).invoke(division);
    Class<?> type = Class.forName(transfers.getClass().getName() + "$PendingRequest");
    Constructor<?> constructor = open(type.getDeclaredConstructors()[0]);
    Object request =
        constructor.newInstance(
            transfers,
            new TransferLeadershipRequest(
                ClientId.randomId(),
                server.getId(),
                GroupIds.toRatis(GROUP),
                1,
                RaftPeerId.valueOf(to),
                1));
    @SuppressWarnings("unchecked")
    AtomicReference<Object> pending =
        (AtomicReference<Object>) field(transfers.getClass(), "pending").get(transfers);
    pending.set(request);
    Class<?> result = Class.forName(transfers.getClass().getName() + "$Result");
    Object refused =
        open(result.getDeclaredConstructor(Throwable.class))
            .newInstance(new IOException("connection refused"));
    open(type.getDeclaredMethod("complete", result)).invoke(request, refused);
  }

  private static Field field(Class<?> type, String name) throws NoSuchFieldException {
    return open(type.getDeclaredField(name));
  }

  private static <T extends AccessibleObject> T open(T member) {
    member.setAccessible(true);
    return member;
  }
}
