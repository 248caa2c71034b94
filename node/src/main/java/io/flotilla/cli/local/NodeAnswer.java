package io.flotilla.cli.local;

import com.fasterxml.jackson.databind.JsonNode;
import io.flotilla.cli.output.Doc;
import io.flotilla.cli.output.Text;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What {@code node --check} found. */
@Doc("What --check found. Without it a node answers nothing: it writes its log.")
record NodeAnswer(
    @Doc("The file that was checked.") String config,
    @Doc("Which node it would be.") int node,
    @Doc("Where it would keep its data; not looked at.") String dir,
    @Doc("Where it would stand; empty: not said.") String rack,
    @Doc("The nodes of its cluster, id@host:grpcPort:raftPort.") List<String> nodes,
    @Doc("What is not left at its default.") List<Given> settings,
    @Doc("Who would get how much of the memory that is here.") Memory memory,
    @Doc("What does not fit; a node would start nevertheless.") List<String> warnings) {

  /** One setting. */
  @Doc("A setting that was given.")
  record Given(
      @Doc("Its key.") String key,
      @Doc("Its value, as written; a password in an address is left out.") String value,
      @Doc("A line of the file, or a variable of the environment, which wins.") String origin) {}

  /** The memory plan. */
  @Doc("A node's memory plan, bytes.")
  record Memory(
      @Doc("Of the machine or container.") long totalBytes,
      @Doc("The largest heap.") long heapBytes,
      @Doc("The most direct memory.") long directBytes,
      @Doc("The store's, outside the heap.") long storeBytes,
      @Doc("The part of it for unflushed writes.") long writeBufferBytes,
      @Doc("Heap for the latest entries of Raft logs.") long raftCacheBytes,
      @Doc("How many Raft groups the node may hold.") int groupsMax,
      @Doc("Files that the store keeps open.") int openFilesMax) {

    private static Memory of(JsonNode plan) {
      return new Memory(
          plan.path("totalBytes").asLong(),
          plan.path("heapBytes").asLong(),
          plan.path("directBytes").asLong(),
          plan.path("storeBytes").asLong(),
          plan.path("writeBufferBytes").asLong(),
          plan.path("raftCacheBytes").asLong(),
          plan.path("groupsMax").asInt(),
          plan.path("openFilesMax").asInt());
    }

    private String text() {
      return "%s: heap %s (Raft's entries %s), direct %s for %d groups"
              .formatted(
                  Text.bytes(totalBytes),
                  Text.bytes(heapBytes),
                  Text.bytes(raftCacheBytes),
                  Text.bytes(directBytes),
                  groupsMax)
          + ", store %s (unflushed %s, %d files)"
              .formatted(Text.bytes(storeBytes), Text.bytes(writeBufferBytes), openFilesMax);
    }
  }

  static NodeAnswer of(Path config, JsonNode found) {
    List<Given> settings = new ArrayList<>();
    found
        .path("settings")
        .forEach(
            one ->
                settings.add(
                    new Given(
                        one.path("key").asText(),
                        one.path("value").asText(),
                        one.path("origin").asText())));
    return new NodeAnswer(
        config.toString(),
        found.path("node").asInt(),
        found.path("dir").asText(),
        found.path("rack").asText(),
        texts(found.path("nodes")),
        settings,
        Memory.of(found.path("memory")),
        texts(found.path("warnings")));
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(one -> texts.add(one.asText()));
    return texts;
  }

  /** Every default that was left alone goes without saying. */
  List<String> text() {
    List<String> lines = new ArrayList<>();
    lines.add("the configuration is fine: " + config);
    lines.add("node      " + node + " of " + String.join(", ", nodes));
    for (Given setting : settings) {
      lines.add("setting   " + setting.key + " = " + setting.value + " (" + setting.origin + ")");
    }
    lines.add("memory    " + memory.text());
    warnings.forEach(warning -> lines.add("warning   " + warning));
    return lines;
  }
}
