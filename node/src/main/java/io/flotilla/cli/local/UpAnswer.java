package io.flotilla.cli.local;

import io.flotilla.cli.output.Doc;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@code up} answers when the cluster can be used. */
@Doc("A local cluster that can be used.")
record UpAnswer(
    @Doc("The nodes that were started.") List<Started> nodes,
    @Doc("For --server.") String ready,
    @Doc("Where a browser finds the node; null: it does not answer HTTP.")
        @Nullable String console) {

  /** One process. */
  @Doc("A node that was started.")
  record Started(
      @Doc("Its id.") int node,
      @Doc("Its process id.") long pid,
      @Doc("Host and client port.") String address,
      @Doc("Its console; empty: none.") String console,
      @Doc("Its configuration, log and data.") String folder) {

    static Started of(NodeProcess node) {
      return new Started(
          node.place().id(),
          node.pid(),
          node.place().address(),
          node.place().console(),
          node.folder().toString());
    }

    String text() {
      return "node " + node + ": pid " + pid + ", " + address + ", folder " + folder;
    }
  }
}
