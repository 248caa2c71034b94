package io.flotilla.cluster.check;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flotilla.cluster.check.History.Replica;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A history as a file, a JSON object a line, so that it can be judged again, by this judge or by
 * another. Reads what it wrote.
 */
public final class HistoryFile {
  private static final ObjectMapper JSON = new ObjectMapper();

  private HistoryFile() {}

  /** A line. */
  @JsonTypeInfo(use = JsonTypeInfo.Id.DEDUCTION)
  @JsonSubTypes({
    @JsonSubTypes.Type(WriteLine.class),
    @JsonSubTypes.Type(BatchLine.class),
    @JsonSubTypes.Type(ReadLine.class),
    @JsonSubTypes.Type(ReplicaLine.class),
    @JsonSubTypes.Type(FactLine.class)
  })
  private sealed interface Line {}

  private record WriteLine(Write write) implements Line {}

  private record BatchLine(List<String> batch) implements Line {}

  private record ReadLine(int reader, Seen read) implements Line {}

  private record ReplicaLine(int partition, int node, String digest, List<Seen> events)
      implements Line {}

  private record FactLine(Fact saw) implements Line {}

  /** Writes it all, in place of what was in the file. */
  public static void write(History history, Path file) {
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      for (Write write : history.writes()) {
        line(out, new WriteLine(write));
      }
      for (List<String> batch : history.batches()) {
        line(out, new BatchLine(batch));
      }
      for (Fact fact : history.facts(Fact.class)) {
        line(out, new FactLine(fact));
      }
      for (var reader : history.readers().entrySet()) {
        for (Seen seen : reader.getValue()) {
          line(out, new ReadLine(reader.getKey(), seen));
        }
      }
      for (var replica : history.replicas().entrySet()) {
        Replica at = replica.getKey();
        String digest = history.digests().getOrDefault(at, "");
        line(out, new ReplicaLine(at.partition(), at.node(), digest, replica.getValue()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void line(BufferedWriter out, Line line) throws IOException {
    out.write(JSON.writeValueAsString(line));
    out.newLine();
  }

  /** Reads one back. */
  public static History read(Path file) {
    History history = new History();
    try (BufferedReader in = Files.newBufferedReader(file)) {
      String text = in.readLine();
      while (text != null) {
        add(history, JSON.readValue(text, Line.class));
        text = in.readLine();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return history;
  }

  private static void add(History history, Line line) {
    if (line instanceof WriteLine write) {
      history.add(write.write);
    } else if (line instanceof BatchLine batch) {
      history.addBatch(batch.batch);
    } else if (line instanceof ReadLine read) {
      history.read(read.reader, read.read);
    } else if (line instanceof ReplicaLine replica) {
      history.holds(replica.partition, replica.node, replica.events);
      if (!replica.digest.isEmpty()) {
        history.digest(replica.partition, replica.node, replica.digest);
      }
    } else if (line instanceof FactLine fact) {
      history.saw(fact.saw);
    }
  }
}
