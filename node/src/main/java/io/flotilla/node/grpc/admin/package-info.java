/**
 * AdminService, ClusterService and PeerService: topics, the picture of the cluster, node to node.
 * Floor 5; runs on flotilla-call.
 */
@NullMarked
package io.flotilla.node.grpc.admin;

import org.jspecify.annotations.NullMarked;
