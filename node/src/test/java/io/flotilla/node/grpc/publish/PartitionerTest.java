package io.flotilla.node.grpc.publish;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PartitionerTest {

  /** The vectors with which clients of Kafka in all languages check themselves. */
  @ParameterizedTest
  @CsvSource({
    "21, -973932308",
    "foobar, -790332482",
    "a-little-bit-long-string, -985981536",
    "a-little-bit-longer-string, -1486304829",
    "lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8, -58897971",
    "abc, 479470107"
  })
  void hashesAreThoseOfKafka(String key, int hash) {
    assertThat(Partitioner.murmur2(ByteString.copyFromUtf8(key))).isEqualTo(hash);
  }

  @Test
  void aPartitionIsNeverNegative() {
    for (int i = 0; i < 10_000; i++) {
      ByteString key = ByteString.copyFromUtf8("key " + i);
      assertThat(Partitioner.partition(key, 7)).isBetween(0, 6);
    }
  }
}
