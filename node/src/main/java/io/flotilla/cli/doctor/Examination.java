package io.flotilla.cli.doctor;

import io.flotilla.client.Admin;
import io.flotilla.client.ClusterDescription;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.FlotillaClientException;
import io.flotilla.client.GroupDescription;
import io.flotilla.client.NodeDescription;
import io.flotilla.client.ServerAttempt;
import io.flotilla.client.ServerAttempt.Reached;
import io.flotilla.doctor.Evidence;
import io.flotilla.proto.types.v1.ErrorReason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Asks for everything that is to be judged; blocks. For one thread. */
final class Examination {

  /** Each is a call, which asks all leaders of its partitions. */
  static final int GROUPS_MAX = 100;

  /**
   * For one server: long enough for a node that is busy, short enough for one that is not there.
   */
  private static final Duration SERVER_MAX = Duration.ofSeconds(3);

  private final FlotillaClient client;
  private final Duration serverMax;
  private final boolean withAddresses;
  private final boolean withGroups;

  /**
   * @param timeout how long one server may take to answer, at most {@link #SERVER_MAX}
   * @param withAddresses connect to every address that a node advertises
   * @param withGroups ask for consumer groups
   */
  Examination(FlotillaClient client, Duration timeout, boolean withAddresses, boolean withGroups) {
    this.client = client;
    this.serverMax = timeout.compareTo(SERVER_MAX) < 0 ? timeout : SERVER_MAX;
    this.withAddresses = withAddresses;
    this.withGroups = withGroups;
  }

  Evidence run() {
    Map<String, @Nullable String> servers = new LinkedHashMap<>();
    client.servers().forEach(server -> servers.put(server, problem(server)));
    if (!servers.containsValue(null)) {
      return new Evidence(servers, Map.of(), null, null, List.of(), 0, null);
    }
    Admin admin = client.admin();
    ClusterDescription cluster = admin.describeCluster(true);
    Instant clock = cluster.clock();
    Duration ahead = clock == null ? null : Duration.between(Instant.now(), clock);
    Map<String, @Nullable String> nodes = new LinkedHashMap<>();
    if (withAddresses) {
      for (NodeDescription node : cluster.nodes()) {
        String at = node.host() + ":" + node.port();
        nodes.put(at, servers.containsKey(at) ? servers.get(at) : problem(at));
      }
    }
    List<GroupDescription> groups = new ArrayList<>();
    try {
      int left = withGroups ? take(admin, groups) : 0;
      return new Evidence(servers, nodes, cluster, ahead, groups, left, null);
    } catch (FlotillaClientException e) {
      return new Evidence(servers, nodes, cluster, ahead, groups, 0, e.getMessage());
    }
  }

  /** How many groups there are beside those that were taken. */
  private static int take(Admin admin, List<GroupDescription> groups) {
    List<GroupDescription> briefs = admin.listGroups();
    for (GroupDescription brief : briefs.subList(0, Math.min(GROUPS_MAX, briefs.size()))) {
      try {
        groups.add(admin.describeGroup(brief.name()));
      } catch (FlotillaClientException e) {
        if (e.reason() != ErrorReason.ERROR_REASON_GROUP_NOT_FOUND) {
          throw e;
        }
        // It was deleted just now: one that is not looked at, for there is nothing to see.
      }
    }
    return briefs.size() - groups.size();
  }

  /** How far the connection to the server comes, if not to an answer. */
  private @Nullable String problem(String server) {
    try (FlotillaClient one =
        FlotillaClient.builder(server)
            .clientName("flotilla-doctor")
            .requestTimeout(serverMax)
            .routeToLeaders(false)
            .build()) {
      one.admin().describeCluster(false);
      return null;
    } catch (FlotillaClientException e) {
      Reached furthest =
          e.attempts().stream()
              .map(ServerAttempt::reached)
              .max(Enum::compareTo)
              .orElse(e.reason() == null ? Reached.NOTHING : Reached.GRPC_ANSWERED);
      return ladder(furthest) + ": " + e.getMessage();
    }
  }

  private static String ladder(Reached reached) {
    return switch (reached) {
      case NOTHING -> "its name cannot be resolved";
      case NAME_RESOLVED -> "name resolved, nobody accepts a connection";
      case CONNECTED -> "name resolved, connected, but no gRPC is spoken";
      case GRPC_ANSWERED -> "name resolved, connected, gRPC ok, but not ready";
    };
  }
}
