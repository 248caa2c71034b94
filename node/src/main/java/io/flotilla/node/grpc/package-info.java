/**
 * One class per service: decode, permit, route, encode. The only importer of gRPC server types.
 * Floor 5.
 */
@NullMarked
package io.flotilla.node.grpc;

import org.jspecify.annotations.NullMarked;
