package io.flotilla.cluster.sabotage;

import static net.bytebuddy.matcher.ElementMatchers.named;

import io.flotilla.cluster.sabotage.FailPoint.When;
import java.lang.instrument.Instrumentation;
import java.nio.file.Path;
import net.bytebuddy.agent.builder.AgentBuilder;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.asm.AsmVisitorWrapper;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.pool.TypePool;
import net.bytebuddy.utility.JavaModule;
import org.jspecify.annotations.Nullable;

/**
 * The agent: weaves {@link Sabotage} and {@link Broken} into a node's classes as they are loaded.
 * Runs in the node's process, before its main method. A method that is not found is said aloud, for
 * a test that cannot hurt proves nothing.
 */
public final class SabotageAgent {

  private SabotageAgent() {}

  /**
   * Called by Java.
   *
   * @param options the file with orders for {@link Sabotage}, and behind a comma a mutant, if any
   */
  public static void premain(String options, Instrumentation instrumentation) {
    String[] words = options.split(",", -1);
    Sabotage.obey(Path.of(words[0]));
    AgentBuilder agent =
        new AgentBuilder.Default()
            .disableClassFormatChanges()
            .with(AgentBuilder.TypeStrategy.Default.DECORATE)
            .with(new Loud());
    for (FailPoint point : FailPoint.values()) {
      agent = weave(agent, point.type(), advice(point).on(named(point.method())));
    }
    agent =
        weave(agent, FailPoint.Names.STORE, advice(Weaves.AfterWrite.class).on(named("commit")));
    if (words.length > 1) {
      agent = mutate(agent, Mutant.valueOf(words[1]));
    }
    agent.installOn(instrumentation);
  }

  private static AgentBuilder weave(AgentBuilder agent, String type, AsmVisitorWrapper code) {
    return agent
        .type(named(type))
        .transform((builder, found, loader, module, domain) -> builder.visit(code));
  }

  private static Advice advice(FailPoint point) {
    Class<?> code =
        point.when() == When.ENTER
            ? Weaves.Enter.class
            : point.when() == When.EXIT ? Weaves.Exit.class : Weaves.ExitBeforeWrite.class;
    return Advice.withCustomMapping()
        .bind(Weaves.Point.class, point.name())
        .to(described(code), ClassFileLocator.ForClassLoader.ofSystemLoader());
  }

  private static Advice advice(Class<?> code) {
    return Advice.to(described(code), ClassFileLocator.ForClassLoader.ofSystemLoader());
  }

  /**
   * Without loading the classes of a node that it mentions: those could not be changed any more.
   */
  private static TypeDescription described(Class<?> code) {
    return TypePool.Default.ofSystemLoader().describe(code.getName()).resolve();
  }

  private static AgentBuilder mutate(AgentBuilder agent, Mutant mutant) {
    return switch (mutant) {
      case NO_SYNC ->
          weave(
              agent,
              "io.flotilla.node.disk.DurableFiles",
              advice(Weaves.Skip.class).on(named("sync")));
      case ACK_BEFORE_COMMIT ->
          weave(
              agent,
              "io.flotilla.node.partition.Partition",
              advice(Weaves.AckNow.class).on(named("append")));
      case DUPLICATES_FORGOTTEN ->
          weave(
              agent,
              "io.flotilla.node.core.log.Producers",
              advice(Weaves.WriteNowhere.class).on(named("put")));
      case NO_GENERATION_CHECK ->
          weave(
              agent,
              "io.flotilla.node.core.log.Cursors",
              advice(Weaves.AnyGeneration.class).on(named("apply")));
      case APPLY_DIFFERS ->
          weave(agent, FailPoint.Names.LOG, advice(Weaves.OwnTime.class).on(named("append")));
      case STALE_END ->
          weave(
              agent,
              "io.flotilla.node.partition.Partition",
              advice(Weaves.BelievedEnd.class).on(named("end")));
    };
  }

  /** A class that could not be changed is said in the node's log. */
  private static final class Loud extends AgentBuilder.Listener.Adapter {
    @Override
    public void onError(
        String typeName,
        @Nullable ClassLoader loader,
        @Nullable JavaModule module,
        boolean loaded,
        Throwable failure) {
      System.err.println("SABOTAGE FAILED: " + typeName + ": " + failure);
    }
  }
}
