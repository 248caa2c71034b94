/**
 * Classes in the place of Ratis' own: see {@link org.apache.ratis.util.AtomicFileOutputStream} and
 * {@link org.apache.ratis.util.PureJavaCrc32C}.
 */
package org.apache.ratis.util;
