package dev.telestep;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** A training program takes in the API and with it the OpenTelemetry API, nothing else. */
@AnalyzeClasses(packages = "dev.telestep", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule api_dependsOnTheOpenTelemetryApiAlone =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..",
              "io.opentelemetry.api..",
              "io.opentelemetry.context..",
              "org.jspecify..",
              "dev.telestep",
              "dev.telestep.semconv");

  @ArchTest
  static final ArchRule names_dependOnNothing =
      classes()
          .that()
          .resideInAPackage("dev.telestep.semconv")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("java.lang", "org.jspecify..", "dev.telestep.semconv");

  /** The agent extension is loaded apart and can use only what the compiler copies into it. */
  @ArchTest
  static final ArchRule names_areCompileTimeConstants =
      fields()
          .that()
          .areDeclaredInClassesThat()
          .resideInAPackage("dev.telestep.semconv")
          .should()
          .beStatic()
          .andShould()
          .beFinal()
          .andShould()
          .haveRawType(String.class);
}
