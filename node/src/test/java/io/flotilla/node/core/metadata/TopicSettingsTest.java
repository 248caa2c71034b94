package io.flotilla.node.core.metadata;

import static io.flotilla.node.core.metadata.Metadata.alter;
import static io.flotilla.node.core.metadata.Metadata.newTopic;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.node.core.StoreRows;
import io.flotilla.proto.state.v1.MetadataCommand;
import io.flotilla.proto.state.v1.MetadataOutcome;
import io.flotilla.proto.state.v1.TopicSettings;
import io.flotilla.proto.types.v1.ErrorReason;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What a topic sets itself: set, changed, reset, refused. */
class TopicSettingsTest {

  private static final TopicSettings NONE = TopicSettings.getDefaultInstance();

  private final Metadata metadata = new Metadata();

  private static TopicSettings settings(long ms, long bytes) {
    return TopicSettings.newBuilder().setRetentionMs(ms).setRetentionBytes(bytes).build();
  }

  private TopicSettings own() {
    return Objects.requireNonNull(metadata.image().topic("a")).settings();
  }

  private void refused(ErrorReason reason, String names, MetadataCommand.Builder command) {
    List<String> before = StoreRows.of(metadata.store);
    MetadataOutcome outcome = metadata.apply(command);
    assertThat(outcome.getError()).isEqualTo(reason);
    assertThat(outcome.getMessage()).contains(names);
    assertThat(StoreRows.of(metadata.store)).isEqualTo(before);
  }

  @Test
  void aTopicKeepsWhatItWasCreatedWithAndWhatItIsChangedTo() {
    MetadataCommand.Builder create = newTopic("a", 1, "");
    create.getCreateTopicBuilder().setSettings(settings(5_000, -1));
    metadata.apply(create);
    assertThat(own()).isEqualTo(settings(5_000, -1));

    metadata.apply(alter("a", TopicSettings.newBuilder().setRetentionBytes(1 << 20).build()));
    assertThat(own()).isEqualTo(settings(5_000, 1 << 20));

    metadata.apply(alter("a", NONE, "retention_ms"));
    assertThat(own()).isEqualTo(TopicSettings.newBuilder().setRetentionBytes(1 << 20).build());
    metadata.reopen();
    assertThat(own()).isEqualTo(TopicSettings.newBuilder().setRetentionBytes(1 << 20).build());
  }

  @Test
  void whatTheTopicDoesNotSetIsTheDefault() {
    metadata.apply(newTopic("a", 1, ""));
    metadata.apply(alter("a", TopicSettings.newBuilder().setRetentionMs(-1).build()));
    TopicInfo topic = Objects.requireNonNull(metadata.image().topic("a"));
    assertThat(topic.settingsOver(settings(7_000, 9 << 20))).isEqualTo(settings(-1, 9 << 20));
  }

  @Test
  void changingNothingIsNoNewRevision() {
    metadata.apply(newTopic("a", 1, ""));
    metadata.apply(alter("a", settings(1_000, -1)));
    long revision = metadata.image().revision();
    assertThat(metadata.apply(alter("a", settings(1_000, -1))).getRevision()).isEqualTo(revision);
  }

  @Test
  void theTopicKeepsItsPartitionsAndItsRequestId() {
    metadata.apply(newTopic("a", 2, "r1"));
    metadata.apply(alter("a", settings(1_000, -1)));
    assertThat(metadata.apply(newTopic("a", 2, "r1")).getError())
        .isEqualTo(ErrorReason.ERROR_REASON_UNSPECIFIED);
    assertThat(Objects.requireNonNull(metadata.image().topic("a")).groups()).hasSize(2);
  }

  @Test
  void whatMustNotBeIsRefusedByTheNameOfTheField() {
    metadata.apply(newTopic("a", 1, ""));
    ErrorReason invalid = ErrorReason.ERROR_REASON_INVALID_ARGUMENT;
    for (long ms : new long[] {-2, 0, 999, 3_155_760_000_001L, Long.MAX_VALUE, Long.MIN_VALUE}) {
      refused(invalid, "retention_ms is " + ms, alter("a", settings(ms, -1)));
    }
    for (long bytes : new long[] {-2, 0, (1 << 20) - 1, (1L << 50) + 1, Long.MAX_VALUE}) {
      refused(invalid, "retention_bytes is " + bytes, alter("a", settings(-1, bytes)));
    }
    refused(invalid, "nothing is to be changed", alter("a", NONE));
    refused(invalid, "\"retention\"", alter("a", NONE, "retention"));
    String[] many = Collections.nCopies(50, "retention_ms").toArray(String[]::new);
    refused(invalid, "50 names", alter("a", NONE, many));
    refused(invalid, "both", alter("a", settings(1_000, -1), "retention_ms"));
    MetadataCommand.Builder create = newTopic("b", 1, "");
    create.getCreateTopicBuilder().setSettings(settings(1, -1));
    refused(invalid, "retention_ms", create);
    refused(
        ErrorReason.ERROR_REASON_TOPIC_NOT_FOUND, "nowhere", alter("nowhere", settings(-1, -1)));
    MetadataCommand.Builder other = alter("a", settings(-1, -1));
    other.getAlterTopicBuilder().setTopicId(9);
    refused(ErrorReason.ERROR_REASON_WRONG_TOPIC_INCARNATION, "9", other);
  }
}
