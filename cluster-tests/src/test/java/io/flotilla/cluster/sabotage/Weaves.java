package io.flotilla.cluster.sabotage;

import io.flotilla.node.partition.Appended;
import io.flotilla.node.partition.Partition;
import io.flotilla.node.store.WriteBatch;
import io.flotilla.proto.state.v1.AppendBatch;
import io.flotilla.proto.state.v1.CursorCommand;
import io.flotilla.proto.state.v1.CursorState;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import net.bytebuddy.asm.Advice;

/**
 * The code that is copied into a node's methods. Never called: Byte Buddy reads these methods'
 * instructions, which run where they were copied to, so all they call is public.
 */
@SuppressWarnings({"unused", "ParameterName", "UnusedVariable"})
final class Weaves {

  private Weaves() {}

  /** Stands for the name of a point. */
  @Retention(RetentionPolicy.RUNTIME)
  @Target(ElementType.PARAMETER)
  @interface Point {}

  static final class Enter {
    private Enter() {}

    @Advice.OnMethodEnter
    static void enter(@Point String point) {
      Sabotage.reached(point);
    }
  }

  static final class Exit {
    private Exit() {}

    @Advice.OnMethodExit
    static void exit(@Point String point) {
      Sabotage.reached(point);
    }
  }

  static final class ExitBeforeWrite {
    private ExitBeforeWrite() {}

    @Advice.OnMethodExit
    static void exit(@Point String point) {
      Sabotage.reachedAfterWrite(point);
    }
  }

  static final class AfterWrite {
    private AfterWrite() {}

    @Advice.OnMethodExit
    static void exit() {
      Sabotage.written();
    }
  }

  static final class Skip {
    private Skip() {}

    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    static boolean enter() {
      return true;
    }
  }

  static final class AckNow {
    private AckNow() {}

    @Advice.OnMethodExit
    static void exit(
        @Advice.This Partition partition,
        @Advice.Argument(0) AppendBatch batch,
        @Advice.Return(readOnly = false) CompletableFuture<Appended> answer) {
      answer = Broken.acknowledged(partition, batch, answer);
    }
  }

  static final class WriteNowhere {
    private WriteNowhere() {}

    @Advice.OnMethodEnter
    static void enter(@Advice.Argument(value = 2, readOnly = false) WriteBatch batch) {
      batch = Broken.nowhere(batch);
    }
  }

  static final class AnyGeneration {
    private AnyGeneration() {}

    @Advice.OnMethodEnter
    static void enter(
        @Advice.Argument(value = 0, readOnly = false) CursorCommand command,
        @Advice.FieldValue("cursors") Map<String, CursorState> cursors) {
      command = Broken.ofNewest(command, cursors);
    }
  }

  static final class OwnTime {
    private OwnTime() {}

    @Advice.OnMethodEnter
    static void enter(@Advice.Argument(value = 0, readOnly = false) long timeMs) {
      timeMs = Broken.timeOfThisNode(timeMs);
    }
  }

  static final class BelievedEnd {
    private BelievedEnd() {}

    @Advice.OnMethodExit
    static void exit(
        @Advice.This Partition partition,
        @Advice.Return(readOnly = false) CompletableFuture<Long> answer) {
      answer = Broken.end(partition);
    }
  }
}
