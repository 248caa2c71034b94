package io.flotilla.node.store.rocks;

import io.flotilla.node.store.CorruptStoreException;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/** RocksDB failed: what was being done, and RocksDB's word on it. The replica must stop. */
public final class RocksFault extends RuntimeException {

  RocksFault(String doing, RocksDBException cause) {
    super(doing + ": " + cause.getMessage(), cause);
  }

  static boolean isCorruption(RocksDBException cause) {
    Status status = cause.getStatus();
    return status != null && status.getCode() == Status.Code.Corruption;
  }

  /** A read failed: damaged files are told from everything else, for a reader can go on. */
  static RuntimeException ofRead(String doing, RocksDBException cause) {
    return isCorruption(cause)
        ? new CorruptStoreException(doing + ": " + cause.getMessage(), cause)
        : new RocksFault(doing, cause);
  }
}
