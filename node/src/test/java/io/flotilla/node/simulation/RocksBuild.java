package io.flotilla.node.simulation;

import java.nio.file.Path;

/** The product on its own store. Reading all rows takes time, so they are compared less often. */
final class RocksBuild extends Build {

  private static final int COMPARED_EVERY = 32;

  private final Path folder;
  private int disks;

  RocksBuild(Path folder) {
    this.folder = folder;
  }

  @Override
  Disk disk(int node) {
    // A node with a new disk, and the next run, begin in other folders.
    return new RocksDisk(folder.resolve(Long.toHexString(System.nanoTime()) + "-" + ++disks));
  }

  @Override
  int comparedEvery() {
    return COMPARED_EVERY;
  }
}
