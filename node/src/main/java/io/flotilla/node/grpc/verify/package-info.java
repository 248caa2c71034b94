/**
 * Replicas of a partition compared with each other: when somebody asks (VerifyPartition), and again
 * and again in the background, where what is found is repaired. Floor 5; blocks on threads of its
 * own.
 */
@NullMarked
package io.flotilla.node.grpc.verify;

import org.jspecify.annotations.NullMarked;
