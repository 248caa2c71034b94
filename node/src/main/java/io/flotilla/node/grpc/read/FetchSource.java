package io.flotilla.node.grpc.read;

import io.flotilla.proto.v1.FetchStreamResponse;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where a FetchStream gets responses from: a replica here for one fetch id, or another node for
 * several. Confined to the stream's serial executor.
 */
interface FetchSource {

  /**
   * The next response of at most about so many bytes of batches; null = none now, a signal comes.
   */
  @Nullable FetchStreamResponse next(int bytesMax);

  /** Something may be there. */
  boolean mayHaveMore();

  /** The fetches it serves. */
  Set<Integer> fetchIds();

  /** Stops one of them. */
  void remove(int fetchId);

  void close();
}
