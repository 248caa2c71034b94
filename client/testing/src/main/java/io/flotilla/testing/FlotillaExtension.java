package io.flotilla.testing;

import io.flotilla.client.Admin;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.Producer;
import io.flotilla.client.Subscriber;
import io.grpc.ManagedChannel;
import java.lang.annotation.Annotation;
import java.lang.reflect.Parameter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Starts a cluster for the tests of a class and injects, into constructors and methods: {@link
 * FlotillaCluster}, {@link FlotillaClient}, {@link Producer}, {@link Admin}, a {@link
 * ManagedChannel} to node 1 for generated stubs, {@link TestNames}, {@link TopicHandle} and {@link
 * Subscriber} with {@link Topic}, {@link GroupHandle} with {@link Group}, and String with {@link
 * Server}. Each test method has its own of all of these but the cluster; they are closed after it.
 *
 * <p>When a test fails, the nodes' last log lines, if Logback is there, and their folder are
 * printed, and the folder is kept; otherwise nothing is printed but what another SLF4J provider of
 * the tests prints. Safe: classes and methods may run in parallel, unless they stop nodes of a
 * cluster that they share.
 */
public final class FlotillaExtension
    implements BeforeAllCallback,
        BeforeEachCallback,
        AfterEachCallback,
        AfterAllCallback,
        ParameterResolver {

  static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(FlotillaExtension.class);

  /** What to do with the cluster when the class is done. */
  private static final String END = "end";

  /** How a test that was not run, rather than failed, ends. */
  private static final String ABORTED = "org.opentest4j.TestAbortedException";

  private static final Map<Class<?>, Function<TestScope, Object>> BY_TYPE =
      Map.of(
          FlotillaCluster.class, TestScope::cluster,
          FlotillaClient.class, TestScope::client,
          Producer.class, TestScope::producer,
          Admin.class, scope -> scope.client().admin(),
          ManagedChannel.class, TestScope::channel,
          TestNames.class, TestScope::names);

  private final int nodes;
  private final boolean fresh;

  /** For {@link FlotillaTest}, which says the rest. */
  FlotillaExtension() {
    this(0, false);
  }

  private FlotillaExtension(int nodes, boolean fresh) {
    this.nodes = nodes;
    this.fresh = fresh;
  }

  /** For a static field with {@code @RegisterExtension}: a cluster of 1, 3 or 5 nodes. */
  public static FlotillaExtension nodes(int nodes) {
    return new FlotillaExtension(nodes, false);
  }

  /** The same, but a cluster that no other class has. */
  public FlotillaExtension fresh() {
    return new FlotillaExtension(nodes, true);
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    LogProvider.begin();
    NodeLogs.take();
    Store store = context.getStore(NAMESPACE);
    boolean asks = context.getRequiredTestClass().getDeclaredAnnotation(FlotillaTest.class) != null;
    if (asks || store.get(FlotillaCluster.class) == null) { // Or it has that of the outer class.
      begin(context, store);
    }
    store.put(TestScope.class, new TestScope(cluster(store), TestNames.of(context)));
  }

  private void begin(ExtensionContext context, Store store) {
    FlotillaTest wanted = nodes == 0 ? annotation(context) : null;
    int size = wanted == null ? nodes : wanted.nodes();
    if (wanted == null ? fresh : wanted.fresh()) {
      FlotillaCluster own = FlotillaCluster.start(size);
      store.put(FlotillaCluster.class, own);
      store.put(END, (Runnable) own::close);
    } else {
      ClusterPool pool = ClusterPool.of(context);
      FlotillaCluster shared = pool.take(size);
      store.put(FlotillaCluster.class, shared);
      store.put(END, (Runnable) () -> pool.release(shared));
    }
  }

  private static FlotillaTest annotation(ExtensionContext context) {
    for (Class<?> type = context.getRequiredTestClass(); ; type = type.getEnclosingClass()) {
      if (type == null) {
        throw new IllegalStateException("write @FlotillaTest, or register FlotillaExtension.nodes");
      }
      FlotillaTest found = type.getAnnotation(FlotillaTest.class);
      if (found != null) {
        return found;
      }
    }
  }

  private static FlotillaCluster cluster(Store store) {
    FlotillaCluster cluster = store.get(FlotillaCluster.class, FlotillaCluster.class);
    if (cluster == null) {
      throw new IllegalStateException("FlotillaExtension is registered in a static field");
    }
    return cluster;
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    Store store = context.getStore(NAMESPACE);
    FlotillaCluster cluster = cluster(store);
    cluster.check();
    store.put(TestScope.class, new TestScope(cluster, TestNames.of(context)));
  }

  @Override
  public void afterEach(ExtensionContext context) {
    end(context);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    Store store = context.getStore(NAMESPACE);
    try {
      if (store.get(TestScope.class) != null) { // Or the cluster did not start.
        end(context);
      }
    } finally {
      Runnable last = store.remove(END, Runnable.class);
      if (last != null) {
        last.run();
      }
    }
  }

  private static void end(ExtensionContext context) {
    TestScope scope = scope(context);
    FlotillaCluster cluster = scope.cluster();
    context
        .getExecutionException()
        .filter(failure -> !failure.getClass().getName().equals(ABORTED))
        .ifPresent(failure -> tell(context.getDisplayName(), cluster));
    cluster.startAll();
    scope.close();
    cluster.check();
  }

  private static void tell(String test, FlotillaCluster cluster) {
    cluster.keepFolder();
    List<String> lines = NodeLogs.lines();
    System.err.println("--- flotilla: " + test + " failed; the nodes' last log lines:");
    lines.forEach(System.err::println);
    if (lines.isEmpty()) {
      System.err.println("none are kept: only Logback's are, ch.qos.logback:logback-classic");
    }
    cluster.down().forEach(node -> System.err.println("--- flotilla: " + node + " did not run"));
    System.err.println(
        "--- flotilla: what the nodes stored is kept in %s; delete it when you have looked"
            .formatted(cluster.folder()));
  }

  private static TestScope scope(ExtensionContext context) {
    TestScope scope = context.getStore(NAMESPACE).get(TestScope.class, TestScope.class);
    if (scope == null) {
      throw new IllegalStateException("FlotillaExtension is registered in a static field");
    }
    return scope;
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return BY_TYPE.containsKey(type)
        || (parameter.isAnnotated(Topic.class)
            && (type == TopicHandle.class || type == Subscriber.class))
        || (parameter.isAnnotated(Group.class) && type == GroupHandle.class)
        || (parameter.isAnnotated(Server.class) && type == String.class);
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    TestScope scope = scope(context);
    Class<?> type = parameter.getParameter().getType();
    Function<TestScope, Object> byType = BY_TYPE.get(type);
    if (byType != null) {
      return byType.apply(scope);
    }
    if (type == String.class) {
      return scope.cluster().servers();
    }
    if (type == GroupHandle.class) {
      return scope.group(name(parameter, parameter.findAnnotation(Group.class), Group::value));
    }
    TopicHandle topic = topic(parameter, scope);
    return type == TopicHandle.class ? topic : scope.reader(topic);
  }

  private static TopicHandle topic(ParameterContext parameter, TestScope scope) {
    Optional<Topic> wanted = parameter.findAnnotation(Topic.class);
    return scope.topic(name(parameter, wanted, Topic::value), wanted.orElseThrow());
  }

  /** What the annotation says, or else the parameter's name. */
  private static <A extends Annotation> String name(
      ParameterContext context, Optional<A> annotation, Function<A, String> value) {
    String said = annotation.map(value).orElseThrow();
    Parameter parameter = context.getParameter();
    if (said.isEmpty() && !parameter.isNamePresent()) {
      throw new ParameterResolutionException(
          "compile tests with -parameters, or name it: @Topic(\"orders\"), @Group(\"billing\")");
    }
    return said.isEmpty() ? parameter.getName() : said;
  }
}
