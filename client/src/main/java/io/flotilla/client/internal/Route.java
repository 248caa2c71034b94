package io.flotilla.client.internal;

/**
 * A way to a partition.
 *
 * @param address the node to call
 * @param direct true: it is thought to lead, and shall say so if not; false: it forwards as needed
 */
record Route(Address address, boolean direct) {

  static Route proxied(Address address) {
    return new Route(address, false);
  }
}
