package dev.telestep.agent;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/**
 * The agent loads the extension in a class loader that sees neither the API nor the application.
 */
@AnalyzeClasses(
    packages = "dev.telestep.agent",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  /** The names in {@code semconv} are no dependency: the compiler copies constants. */
  @ArchTest
  static final ArchRule extension_needsWhatTheAgentHasAndItsOwnClasses =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..", "io.opentelemetry..", "org.jspecify..", "dev.telestep.agent..");

  @ArchTest
  static final ArchRule journal_knowsNothingOfWhatItKeeps =
      noClasses()
          .that()
          .resideInAPackage("dev.telestep.agent.journal")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.opentelemetry..", "dev.telestep.agent");
}
