package io.flotilla.cluster.container;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Network;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.testcontainers.DockerClientFactory;

/**
 * A network of containers whose addresses are fixed and reached from the test, too (Linux only).
 * Confined to the test's thread.
 */
public final class DockerNetwork {
  /** The image under test. */
  public static final String IMAGE =
      System.getProperty("flotilla.image", "flotilla/flotilla:latest");

  private static final int NETWORKS_TRIED = 20;

  private final DockerClient docker = DockerClientFactory.lazyClient();
  private final String name;
  private String prefix = "";

  /** Not there before {@link #create}. */
  public DockerNetwork(String name) {
    this.name = name;
  }

  /** Skips the tests, and says so, where there is no Docker or no image. */
  public static void assumeAvailable() {
    String why = whyNot();
    if (!why.isEmpty()) {
      System.out.println("SKIPPED: a test needs containers, which cannot be had: " + why);
    }
    Assumptions.assumeTrue(why.isEmpty(), why);
  }

  private static String whyNot() {
    try {
      DockerClientFactory.lazyClient().inspectImageCmd(IMAGE).exec();
      return "";
    } catch (NotFoundException e) {
      return "there is no image " + IMAGE + "; docker/build.sh makes it";
    } catch (DockerException | IllegalStateException e) {
      return "no Docker: " + e.getMessage();
    }
  }

  /** Several ranges are tried: which are in use here is not known. */
  public void create() {
    Random random = new Random();
    for (int attempt = 1; ; attempt++) {
      prefix = "10." + (200 + random.nextInt(50)) + "." + random.nextInt(250) + ".";
      Network.Ipam.Config range = new Network.Ipam.Config().withSubnet(prefix + "0/24");
      try {
        docker
            .createNetworkCmd()
            .withName(name)
            .withIpam(new Network.Ipam().withConfig(range))
            .exec();
        return;
      } catch (DockerException e) {
        if (attempt == NETWORKS_TRIED) {
          throw e;
        }
      }
    }
  }

  public String name() {
    return name;
  }

  /** The address of a node, numbered from 1. */
  public String address(int node) {
    return prefix + (10 + node);
  }

  /** Not there: nothing happens. */
  public void remove() {
    if (!prefix.isEmpty()) {
      docker.removeNetworkCmd(name).exec();
      prefix = "";
    }
  }
}
