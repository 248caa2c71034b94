package io.flotilla.house;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/**
 * The house: which package may see which. Think hard before you loosen a rule here: a library that
 * comes in by a second door, or a floor that looks up, costs every later change.
 *
 * <pre>
 * 6  node (root)                          sees everything below
 * 5  observe                             → whatever has numbers to tell, grpc too
 * 5  grpc | http                          → router, partition, controller
 * 4  router                               → partition, controller, raft
 * 3  partition | controller | coordinator → raft, core images and readers, store
 * 2  raft                                 → core, store
 * 1  core.log | core.metadata | core.group → store, batch, model
 * 0  store, batch, model, config, disk, metrics, trace
 * </pre>
 *
 * The command line (io.flotilla.cli) and the console (io.flotilla.console) stand apart: clients
 * like any other, in the same jar. The root of the node serves the console's handler on its HTTP
 * port. What is wrong with a cluster (io.flotilla.doctor) is judged in one place for both, and said
 * in the same words (io.flotilla.words).
 */
@AnalyzeClasses(packages = "io.flotilla", importOptions = ImportOption.DoNotIncludeTests.class)
class HouseTest {

  private static final String NODE = "io.flotilla.node";
  private static final String GRPC = NODE + ".grpc..";
  private static final String ROUTER = NODE + ".router..";
  private static final String PARTITION = NODE + ".partition..";
  private static final String CONTROLLER = NODE + ".controller..";
  private static final String COORDINATOR = NODE + ".coordinator..";
  private static final String RAFT = NODE + ".raft..";
  private static final String CORE = NODE + ".core..";
  private static final String STORE = NODE + ".store..";
  private static final String BATCH = NODE + ".batch..";
  private static final String MODEL = NODE + ".model..";
  private static final String CONFIG = NODE + ".config..";
  private static final String DISK = NODE + ".disk..";
  private static final String METRICS = NODE + ".metrics..";
  private static final String HTTP = NODE + ".http..";
  private static final String TRACE = NODE + ".trace..";
  private static final String CONSOLE = "io.flotilla.console..";
  private static final String OBSERVE = NODE + ".observe..";

  @ArchTest
  static final ArchRule nobodyLooksUpFromTheGroundFloor =
      noClasses()
          .that(resideInAnyPackage(STORE, BATCH, MODEL, CONFIG, DISK, METRICS, TRACE))
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                  CORE, RAFT, PARTITION, CONTROLLER, COORDINATOR, ROUTER, GRPC, HTTP, NODE));

  @ArchTest
  static final ArchRule theCoreSeesStoreBatchAndModelOnly =
      classes()
          .that(resideInAPackage(CORE))
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(
                  CORE,
                  NODE + ".store",
                  BATCH,
                  MODEL,
                  "java..",
                  "com.google.protobuf..",
                  "io.flotilla.proto.types..",
                  "io.flotilla.proto.state..",
                  "org.jspecify.."));

  @ArchTest
  static final ArchRule theCoreHasNoClocksNoChanceNoThreads =
      noClasses()
          .that(resideInAPackage(CORE))
          .should()
          .dependOnClassesThat(
              nameMatching(
                  "java\\.(time\\.(Clock|Instant|LocalDate.*)|util\\.(Random|UUID|Locale|Timer)"
                      + "|util\\.concurrent\\..*|io\\.(?!IOException).*|nio\\.(file|channels)\\..*"
                      + "|security\\.(?!MessageDigest|NoSuchAlgorithm).*|lang\\.Thread)"));

  @ArchTest
  static final ArchRule theCoreDoesNotAskForTheTime =
      noClasses()
          .that(resideInAPackage(CORE))
          .should()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(System.class, "nanoTime");

  @ArchTest
  static final ArchRule theCoresDoNotKnowEachOther =
      slices().matching(NODE + ".core.(*)..").should().notDependOnEachOther();

  @ArchTest
  static final ArchRule raftSeesCoreAndStoreOnly =
      noClasses()
          .that(resideInAPackage(RAFT))
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(PARTITION, CONTROLLER, COORDINATOR, ROUTER, GRPC, NODE));

  @ArchTest
  static final ArchRule partitionsDoNotLookUpOrAside =
      noClasses()
          .that(resideInAPackage(PARTITION))
          .should()
          .dependOnClassesThat(resideInAnyPackage(CONTROLLER, COORDINATOR, ROUTER, GRPC, NODE));

  @ArchTest
  static final ArchRule theControllerDoesNotLookUpOrAside =
      noClasses()
          .that(resideInAPackage(CONTROLLER))
          .should()
          .dependOnClassesThat(resideInAnyPackage(PARTITION, COORDINATOR, ROUTER, GRPC, NODE));

  @ArchTest
  static final ArchRule coordinatorsDoNotLookUpOrAside =
      noClasses()
          .that(resideInAPackage(COORDINATOR))
          .should()
          .dependOnClassesThat(resideInAnyPackage(PARTITION, CONTROLLER, ROUTER, GRPC, NODE));

  @ArchTest
  static final ArchRule theRouterDoesNotLookUp =
      noClasses()
          .that(resideInAPackage(ROUTER))
          .should()
          .dependOnClassesThat(resideInAnyPackage(GRPC, NODE));

  @ArchTest
  static final ArchRule grpcDoesNotReachAroundTheRouter =
      noClasses()
          .that(resideInAPackage(GRPC))
          .should()
          .dependOnClassesThat(resideInAnyPackage(RAFT, STORE, NODE));

  @ArchTest
  static final ArchRule nobodyKnowsThatHeIsObserved =
      noClasses()
          .that()
          .resideOutsideOfPackages(OBSERVE, NODE)
          .should()
          .dependOnClassesThat(resideInAPackage(OBSERVE));

  @ArchTest
  static final ArchRule ratisHasOneDoor =
      noClasses()
          .that()
          .resideOutsideOfPackage(RAFT)
          .should()
          .dependOnClassesThat(resideInAPackage("org.apache.ratis.."));

  @ArchTest
  static final ArchRule rocksDbHasOneDoor =
      noClasses()
          .that()
          .resideOutsideOfPackage(NODE + ".store.rocks..")
          .should()
          .dependOnClassesThat(resideInAPackage("org.rocksdb.."));

  @ArchTest
  static final ArchRule metricsHaveOneDoor =
      noClasses()
          .that()
          .resideOutsideOfPackage(METRICS)
          .should()
          .dependOnClassesThat(resideInAnyPackage("io.micrometer..", "io.prometheus.."));

  @ArchTest
  static final ArchRule tracingHasOneDoorOnEachSide =
      noClasses()
          .that()
          .resideOutsideOfPackages(TRACE, "io.flotilla.client.tracing..")
          .should()
          .dependOnClassesThat(resideInAPackage("io.opentelemetry.."));

  @ArchTest
  static final ArchRule compressionHasOneDoorOnEachSide =
      noClasses()
          .that()
          .resideOutsideOfPackages(BATCH, "io.flotilla.client.internal..", "io.flotilla.cli..")
          .should()
          .dependOnClassesThat(resideInAnyPackage("com.github.luben..", "net.jpountz.."));

  @ArchTest
  static final ArchRule servedCallsHaveOneDoor =
      noClasses()
          .that(resideInAPackage(NODE + ".."))
          .and()
          .resideOutsideOfPackage(GRPC)
          .should()
          .dependOnClassesThat(
              nameMatching("io\\.grpc\\.(Server[A-Z]?.*|services\\..*|protobuf\\..*)"));

  @ArchTest
  static final ArchRule apiMessagesStopAtGrpc =
      noClasses()
          .that(resideInAPackage(NODE + ".."))
          .and()
          .resideOutsideOfPackage(GRPC)
          .and()
          .doNotHaveSimpleName("ArchiveRun") // A client, for once in the node's process.
          .should()
          .dependOnClassesThat(resideInAPackage("io.flotilla.proto.v1.."));

  @ArchTest
  static final ArchRule theCommandLineIsAClient =
      noClasses()
          .that(resideInAPackage("io.flotilla.cli.."))
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                  NODE + "..", "io.flotilla.client.internal..", "org.apache.ratis.."));

  @ArchTest
  static final ArchRule theNodeDoesNotKnowTheClient =
      noClasses()
          .that(resideInAPackage(NODE + ".."))
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                  "io.flotilla.client..", "io.flotilla.cli..", "io.flotilla.doctor.."));

  @ArchTest
  static final ArchRule theConsoleIsAClient =
      noClasses()
          .that(resideInAPackage(CONSOLE))
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                  NODE + "..",
                  "io.flotilla.cli..",
                  "io.flotilla.proto.state..",
                  "io.flotilla.proto.internal..",
                  "io.flotilla.client.internal..",
                  "io.grpc..",
                  "org.apache.ratis.."));

  @ArchTest
  static final ArchRule theDoctorKnowsOnlyWhatItIsHanded =
      classes()
          .that(resideInAPackage("io.flotilla.doctor"))
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(
                  "io.flotilla.doctor",
                  "io.flotilla.client",
                  "io.flotilla.words",
                  "java.lang..",
                  "java.time",
                  "java.util..",
                  "org.jspecify.."));

  @ArchTest
  static final ArchRule wordsKnowNothing =
      classes()
          .that(resideInAPackage("io.flotilla.words"))
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage("io.flotilla.words", "java..", "org.jspecify.."));

  @ArchTest
  static final ArchRule onlyTheRootKnowsTheConsole =
      noClasses()
          .that()
          .resideOutsideOfPackages(CONSOLE, NODE)
          .should()
          .dependOnClassesThat(resideInAPackage(CONSOLE));

  @ArchTest
  static final ArchRule noCyclesBetweenPackagesOfTheConsole =
      slices().matching("io.flotilla.console.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule noCyclesBetweenPackagesOfTheNode =
      slices().matching(NODE + ".(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule noCyclesBetweenPackagesOfTheCommandLine =
      slices().matching("io.flotilla.cli.(**)").should().beFreeOfCycles();
}
