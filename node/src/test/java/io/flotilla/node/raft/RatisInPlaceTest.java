package io.flotilla.node.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.zip.Checksum;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What Java forces to the disk is seen through its flight recorder; the library's own classes run
 * beside ours, in a class loader where its jars come first, to show what they leave out.
 */
class RatisInPlaceTest {

  private static final String META = "org.apache.ratis.util.AtomicFileOutputStream";
  private static final String CRC = "org.apache.ratis.util.PureJavaCrc32C";
  private static final String LOG =
      "org.apache.ratis.server.raftlog.segmented.BufferedWriteChannel";

  @TempDir Path folder;

  @Test
  void termAndVoteAreSavedWithTheirFolder() throws Exception {
    Path meta = folder.resolve("raft-meta");

    assertThat(forced(() -> save(ours(), meta))).contains(folder.toString());
    assertThat(Files.readString(meta)).isEqualTo("term=7");
    assertThat(folder.resolve("raft-meta.tmp")).doesNotExist();

    try (URLClassLoader stock = stock()) {
      List<String> forced = forced(() -> save(stock, meta));
      assertThat(forced).as("the library forgets the folder").doesNotContain(folder.toString());
      assertThat(forced).as("and is seen by the recorder").contains(meta + ".tmp");
    }
  }

  @Test
  void theFoldersOfANewGroupAreKnownToTheirs() throws Exception {
    Path current = Files.createDirectories(folder.resolve("groups/one/current"));

    assertThat(forced(() -> save(ours(), current.resolve("raft-meta"))))
        .endsWith(
            current.toString(),
            folder.resolve("groups/one").toString(),
            folder.resolve("groups").toString());
  }

  @Test
  void aNewLogFileIsKnownToItsFolderBeforeEntriesAreInIt() throws Exception {
    assertThat(forced(() -> create(ours(), folder.resolve("log_inprogress_0"))))
        .containsExactly(folder.toString(), folder.resolve("log_inprogress_0").toString());

    try (URLClassLoader stock = stock()) {
      assertThat(forced(() -> create(stock, folder.resolve("log_inprogress_9"))))
          .containsExactly(folder.resolve("log_inprogress_9").toString());
    }
  }

  @Test
  void theChecksumOfAnEntryIsTheLibrarys() throws Exception {
    long seed = System.nanoTime();
    System.out.println("RatisInPlaceTest: seed=" + seed);
    Random random = new Random(seed);
    try (URLClassLoader stock = stock()) {
      for (int length = 0; length < 200; length++) {
        byte[] bytes = new byte[length + random.nextInt(5_000)];
        random.nextBytes(bytes);
        int from = random.nextInt(bytes.length + 1);

        assertThat(checksum(ours(), bytes, from))
            .isEqualTo(checksum(stock, bytes, from))
            .hasSize(2);
      }
    }
  }

  /** Of what stands behind {@code from}: of the array, and of a buffer that is not moved. */
  private static List<Long> checksum(ClassLoader loader, byte[] bytes, int from) throws Exception {
    Object checksum = Class.forName(CRC, true, loader).getConstructor().newInstance();
    Checksum one = (Checksum) checksum;
    one.update(bytes, from, bytes.length - from);
    long ofArray = one.getValue();
    one.reset();
    ByteBuffer buffer = ByteBuffer.allocateDirect(bytes.length).put(bytes);
    buffer.position(from);
    one.update(buffer);
    assertThat(buffer.position()).isEqualTo(from);
    return List.of(ofArray, one.getValue());
  }

  @Test
  void aNodeWithTheLibrarysOwnClassesDoesNotStart() throws Exception {
    RatisInPlace.check(ours());

    try (URLClassLoader stock = stock()) {
      assertThatThrownBy(() -> RatisInPlace.check(stock))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining(META)
          .hasMessageContaining("ahead of it on the class path");
    }
  }

  private static ClassLoader ours() {
    return RatisInPlace.class.getClassLoader();
  }

  /** The same class path in the other order: jars of libraries before our own classes. */
  private static URLClassLoader stock() throws MalformedURLException {
    List<String> path =
        new ArrayList<>(
            Arrays.asList(System.getProperty("java.class.path").split(File.pathSeparator)));
    path.sort((a, b) -> Boolean.compare(!a.contains("ratis"), !b.contains("ratis")));
    List<URL> urls = new ArrayList<>();
    for (String entry : path) {
      urls.add(Path.of(entry).toUri().toURL());
    }
    return new URLClassLoader(urls.toArray(new URL[0]), ClassLoader.getPlatformClassLoader());
  }

  private static Object save(ClassLoader loader, Path file) throws Exception {
    try (OutputStream out =
        Class.forName(META, true, loader)
            .asSubclass(OutputStream.class)
            .getConstructor(File.class)
            .newInstance(file.toFile())) {
      out.write("term=7".getBytes(StandardCharsets.UTF_8));
    }
    return file;
  }

  /** Creates a log file, writes its header and flushes, as the library's log does. */
  private static Object create(ClassLoader loader, Path file) throws Exception {
    Class<?> type = Class.forName(LOG, true, loader);
    ByteBuffer buffer = ByteBuffer.allocateDirect(64);
    Object channel =
        call(
            type,
            null,
            "open",
            List.of(File.class, boolean.class, ByteBuffer.class),
            file.toFile(),
            false,
            buffer);
    ByteBuffer header = ByteBuffer.wrap("RaftLog1".getBytes(StandardCharsets.UTF_8));
    call(type, channel, "writeToChannel", List.of(ByteBuffer.class), header);
    call(type, channel, "flush", List.of());
    call(type, channel, "close", List.of());
    return file;
  }

  private static Object call(
      Class<?> type,
      @Nullable Object target,
      String name,
      List<Class<?>> parameters,
      Object... arguments)
      throws IOException, ReflectiveOperationException {
    Method method = type.getDeclaredMethod(name, parameters.toArray(new Class<?>[0]));
    method.setAccessible(true);
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw new IOException(e.getCause());
    }
  }

  /** The paths below the folder that were forced to the disk meanwhile, in order. */
  private List<String> forced(Callable<?> work) throws Exception {
    Path file = Files.createTempFile("forced", ".jfr");
    try (Recording recording = new Recording()) {
      recording.enable("jdk.FileForce").withoutThreshold();
      recording.start();
      work.call();
      recording.stop();
      recording.dump(file);
      List<RecordedEvent> events = new ArrayList<>(RecordingFile.readAllEvents(file));
      events.sort((a, b) -> a.getStartTime().compareTo(b.getStartTime()));
      return events.stream()
          .map(event -> event.getString("path"))
          .filter(path -> path != null && path.startsWith(folder.toString()))
          .toList();
    } finally {
      Files.delete(file);
    }
  }
}
