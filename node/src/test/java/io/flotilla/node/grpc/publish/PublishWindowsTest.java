package io.flotilla.node.grpc.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.node.config.GrpcConfig;
import io.flotilla.proto.v1.Window;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PublishWindowsTest {

  private final GrpcConfig config = GrpcConfig.defaults().withPublishBytesMax(256L << 20);
  private final PublishWindows windows = new PublishWindows(config);
  private final List<Window> told = new ArrayList<>();
  private final List<Runnable> open = new ArrayList<>();

  private void open(int streams) {
    while (open.size() < streams) {
      Runnable stream = () -> told.add(windows.current());
      open.add(stream);
      windows.join(stream);
    }
  }

  @Test
  void everyStreamHasTheFullWindowWhileThereIsRoom() {
    open(32); // 32 times 8 MiB are 256 MiB.

    assertThat(windows.current().getBytes()).isEqualTo(config.publishWindowBytes());
    assertThat(windows.current().getBatches()).isEqualTo(config.publishWindowBatches());
    assertThat(told).isEmpty();
  }

  @Test
  void windowsAreHalvedWhenThereIsNotAndOnlyThenAreTheStreamsTold() {
    open(64);

    assertThat(windows.current().getBytes()).isEqualTo(config.publishWindowBytes() / 2);
    assertThat(told).hasSize(32);
    open.subList(0, 32).forEach(windows::leave);
    assertThat(windows.current().getBytes()).isEqualTo(config.publishWindowBytes());
  }

  @Test
  void theSmallestWindowStillHoldsAFewBatches() {
    open(10_000);

    assertThat(windows.current().getBytes()).isEqualTo(64 << 10);
    assertThat(windows.current().getBatches()).isPositive();
  }
}
