package io.flotilla.cluster.harness;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What surrounds the command of a node's process beyond the ordinary.
 *
 * @param prefix what stands before the command, such as one that enters a network namespace
 * @param environment variables beside those of the test
 * @param javaOptions more options for Java, such as an agent
 */
record NodeLaunch(List<String> prefix, Map<String, String> environment, List<String> javaOptions) {
  static final NodeLaunch PLAIN = new NodeLaunch(List.of(), Map.of(), List.of());

  NodeLaunch {
    prefix = List.copyOf(prefix);
    environment = Map.copyOf(environment);
    javaOptions = List.copyOf(javaOptions);
  }

  NodeLaunch inside(List<String> prefix) {
    return new NodeLaunch(prefix, environment, javaOptions);
  }

  NodeLaunch with(Map<String, String> more) {
    Map<String, String> all = new HashMap<>(environment);
    all.putAll(more);
    return new NodeLaunch(prefix, all, javaOptions);
  }

  NodeLaunch with(List<String> more) {
    List<String> all = new ArrayList<>(javaOptions);
    all.addAll(more);
    return new NodeLaunch(prefix, environment, all);
  }
}
