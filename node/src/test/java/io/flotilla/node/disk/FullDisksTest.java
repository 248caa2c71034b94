package io.flotilla.node.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.node.model.FlotillaException;
import io.flotilla.proto.types.v1.ErrorReason;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class FullDisksTest {

  private final AtomicReference<DiskStatus> own = new AtomicReference<>(of(DiskState.NORMAL));
  private final FullDisks disks = new FullDisks(1, own::get);

  private static DiskStatus of(DiskState state) {
    return new DiskStatus(state, 10 << 20, 100 << 20, 12 << 20);
  }

  @Test
  void onlyFullDisksRefuse() {
    disks.told(2, of(DiskState.WARN));

    assertThat(disks.isEmpty()).isTrue();
    assertThat(disks.refusal(List.of(1, 2, 3))).isNull();
  }

  @Test
  void anyFullDiskAmongThoseThatAWriteGoesToRefusesIt() {
    disks.told(2, of(DiskState.FULL));

    FlotillaException refusal = Objects.requireNonNull(disks.refusal(List.of(1, 2, 3)));
    assertThat(refusal.reason()).isEqualTo(ErrorReason.ERROR_REASON_DISK_FULL);
    assertThat(refusal)
        .hasMessage(
            "the disk of node 2 is full: 10 MiB of 100 MiB free"
                + " (writes are refused below 12 MiB)");
    assertThat(refusal.metadata())
        .containsEntry("node", "2")
        .containsEntry("free_bytes", "10485760");
    assertThat(disks.refusal(List.of(1, 3))).isNull();
  }

  @Test
  void aNodeThatFallsSilentNoLongerRefuses() {
    disks.told(2, of(DiskState.FULL));
    disks.told(2, null);

    assertThat(disks.isEmpty()).isTrue();
  }

  @Test
  void theOwnDiskIsSeenAtOnce() {
    own.set(of(DiskState.FULL));
    assertThat(disks.isFull(1)).isTrue();
    own.set(of(DiskState.NORMAL));
    assertThat(disks.isFull(1)).isFalse();
  }
}
