package io.flotilla.node.disk;

import io.flotilla.node.config.DiskConfig;

/**
 * From free space to a state, with a gap between the ways up and down, so that a disk at a limit
 * does not flap. Pure.
 */
record Watermarks(DiskConfig config) {

  DiskStatus next(DiskState before, long freeBytes, long totalBytes) {
    return new DiskStatus(
        state(before, freeBytes, totalBytes),
        freeBytes,
        totalBytes,
        config.refuseBelow(totalBytes));
  }

  private DiskState state(DiskState before, long free, long total) {
    long refuse = before == DiskState.FULL ? config.acceptFrom(total) : config.refuseBelow(total);
    if (free < refuse) {
      return DiskState.FULL;
    }
    long warn = config.warnBelow(total);
    return free < (before == DiskState.NORMAL ? warn : warn / 10 * 11)
        ? DiskState.WARN
        : DiskState.NORMAL;
  }
}
