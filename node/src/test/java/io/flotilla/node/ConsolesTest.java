package io.flotilla.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.node.config.ConsoleConfig;
import io.flotilla.node.config.HttpConfig;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where a node says that its console is. */
class ConsolesTest {

  private static String address(String host, int port, boolean console) {
    return Consoles.address(
        new HttpConfig(host, port, new ConsoleConfig(console, false, List.of())), "node-1.example");
  }

  @Test
  void itIsWhereTheNodeListensOrWhereverTheOthersFindTheNode() {
    assertThat(address("127.0.0.1", 9096, true)).isEqualTo("127.0.0.1:9096");
    assertThat(address("10.1.2.3", 9096, true)).isEqualTo("10.1.2.3:9096");
    assertThat(address("0.0.0.0", 9096, true)).isEqualTo("node-1.example:9096");
    assertThat(address("::", 9096, true)).isEqualTo("node-1.example:9096");
    assertThat(address("::1", 9096, true)).isEqualTo("[::1]:9096");
  }

  @Test
  void whereNoneIsServedNoneIsTold() {
    assertThat(address("127.0.0.1", 0, true)).isEmpty();
    assertThat(address("127.0.0.1", 9096, false)).isEmpty();
  }
}
