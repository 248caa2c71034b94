package io.flotilla.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.node.model.NodeIdentity;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdentityFileTest {

  @TempDir Path folder;

  @Test
  void aNewDiskIsANewPeerAndAnOldOneTheSame() {
    NodeIdentity first = new IdentityFile(folder.resolve("a")).open(1);
    NodeIdentity other = new IdentityFile(folder.resolve("b")).open(1);

    assertThat(first.formed()).isFalse();
    assertThat(first.peerId()).isNotEqualTo(other.peerId());
    assertThat(new IdentityFile(folder.resolve("a")).open(1)).isEqualTo(first);
  }

  @Test
  void theClusterIsRemembered() {
    IdentityFile file = new IdentityFile(folder);
    NodeIdentity fresh = file.open(2);
    NodeIdentity formed =
        new NodeIdentity(2, fresh.incarnation(), "c", List.of("1.aa", fresh.peerId()));

    file.write(formed);

    assertThat(new IdentityFile(folder).open(2)).isEqualTo(formed);
    assertThat(formed.formed()).isTrue();
  }

  @Test
  void theFolderOfAnotherNodeIsRefused() {
    new IdentityFile(folder).open(1);

    assertThatThrownBy(() -> new IdentityFile(folder).open(2))
        .hasMessageContaining("belongs to node 1, but this node is configured as 2");
  }
}
