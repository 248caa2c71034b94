package io.flotilla.client;

/** How a producer compresses its batches. */
public enum Compression {
  /** Not at all: the least work for everybody when the network and disks can carry it. */
  NONE,
  /** Smallest, at some cost for the processor. */
  ZSTD,
  /** Fast, with a fair result. */
  LZ4
}
