package io.flotilla.cli.local;

import io.flotilla.cli.output.Doc;
import java.util.List;

/** What {@code up} answers when the cluster can be used. */
@Doc("A local cluster that can be used.")
record UpAnswer(
    @Doc("The nodes that were started.") List<Started> nodes, @Doc("For --server.") String ready) {

  /** One process. */
  @Doc("A node that was started.")
  record Started(
      @Doc("Its id.") int node,
      @Doc("Its process id.") long pid,
      @Doc("Host and client port.") String address,
      @Doc("Its configuration, log and data.") String folder) {

    static Started of(NodeProcess node) {
      return new Started(
          node.place().id(), node.pid(), node.place().address(), node.folder().toString());
    }

    String text() {
      return "node " + node + ": pid " + pid + ", " + address + ", folder " + folder;
    }
  }
}
