package io.flotilla.node.raft;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.lang.reflect.Proxy;
import java.util.List;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.thirdparty.io.grpc.Attributes;
import org.junit.jupiter.api.Test;

/** The end of a node, as far as the watch over leaders may hold it up. */
class LeaderWatchTest {

  @Test
  void aConnectionThatEndsAfterTheWatchHasEndedIsTakenQuietly() {
    LeaderWatch watch = new LeaderWatch();
    watch.start(unused());
    watch.close();

    // Were this to throw, gRPC would never count the connection as closed, nor its server.
    assertThatCode(() -> watch.filter().transportTerminated(Attributes.EMPTY))
        .doesNotThrowAnyException();
  }

  private static RaftServer unused() {
    return (RaftServer)
        Proxy.newProxyInstance(
            RaftServer.class.getClassLoader(),
            new Class<?>[] {RaftServer.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("getGroupIds")) {
                return List.of(); // As it starts.
              }
              throw new AssertionError("nobody looks after the end");
            });
  }
}
