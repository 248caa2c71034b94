package io.flotilla.client.internal;

import io.flotilla.proto.v1.ProducerSession;

/**
 * An identity under which batches are numbered.
 *
 * @param generation counts the identities of one producer, from 1
 * @param identity as the cluster gave it
 */
record Session(int generation, ProducerSession identity) {}
