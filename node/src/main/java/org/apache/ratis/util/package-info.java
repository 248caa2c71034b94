/**
 * One class in the place of Ratis' own: see {@link org.apache.ratis.util.AtomicFileOutputStream}.
 */
package org.apache.ratis.util;
