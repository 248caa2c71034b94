/**
 * One class in the place of Ratis' own: BufferedWriteChannel, through which log files are written.
 */
package org.apache.ratis.server.raftlog.segmented;
