package io.flotilla.node.grpc.publish;

import io.flotilla.node.grpc.call.ErrorCatalogue;
import io.flotilla.node.grpc.call.StatusMapper;
import io.flotilla.node.partition.Appended;
import io.flotilla.node.trace.TraceSpan;
import org.jspecify.annotations.Nullable;

/** How an append ends, told to its span. Stateless. */
final class AppendTrace {

  private AppendTrace() {}

  static void end(TraceSpan span, @Nullable Appended appended, @Nullable Throwable thrown) {
    if (!span.recorded()) {
      return; // A reason is looked up for nobody.
    }
    if (thrown != null) {
      span.fail(ErrorCatalogue.nameOf(StatusMapper.refusal(thrown).reason()));
    } else {
      span.end(appended == null ? -1 : appended.firstOffset());
    }
  }
}
