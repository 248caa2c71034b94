/**
 * What all calls share: errors as statuses, deadlines, threads, flow control, time. Imported by the
 * services beside it. Floor 5.
 */
@NullMarked
package io.flotilla.node.grpc.call;

import org.jspecify.annotations.NullMarked;
