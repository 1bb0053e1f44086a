package dev.telestep;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Drivers and transports stay inside their adapters. */
@AnalyzeClasses(packages = "dev.telestep", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule databaseDrivers_stayInTheirAdapters =
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.telestep.store.postgres..", "dev.telestep.postgres..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "java.sql..", "javax.sql..", "org.postgresql..", "com.zaxxer..", "org.flywaydb..");

  @ArchTest
  static final ArchRule transports_stayInTheServer =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.telestep.server..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("com.linecorp.armeria..", "io.grpc..");

  @ArchTest
  static final ArchRule modelAndPorts_knowNoOtherPart =
      noClasses()
          .that()
          .resideInAnyPackage("dev.telestep.model", "dev.telestep.store")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.telestep.store.postgres..",
              "dev.telestep.postgres..",
              "dev.telestep.otlp..",
              "dev.telestep.collector..",
              "dev.telestep.server..",
              "dev.telestep.cli..");

  @ArchTest
  static final ArchRule storeAdapter_knowsNoTransport =
      noClasses()
          .that()
          .resideInAnyPackage("dev.telestep.store.postgres..", "dev.telestep.postgres..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.telestep.otlp..",
              "dev.telestep.collector..",
              "dev.telestep.server..",
              "dev.telestep.cli..");

  @ArchTest
  static final ArchRule commandLine_reachesTheStoreThroughTheServer =
      noClasses()
          .that()
          .resideInAPackage("dev.telestep.cli..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.telestep.store.postgres..", "dev.telestep.postgres..")
          .allowEmptyShould(true);
}
