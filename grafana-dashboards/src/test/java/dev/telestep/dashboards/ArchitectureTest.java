package dev.telestep.dashboards;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = "dev.telestep.dashboards",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule module_dependsOnJacksonAlone =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..", "com.fasterxml.jackson..", "dev.telestep.dashboards..", "org.jspecify..");

  @ArchTest
  static final ArchRule generator_knowsNoDatabaseAndNoCheck =
      noClasses()
          .that()
          .resideInAPackage("dev.telestep.dashboards")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.sql..", "dev.telestep.dashboards.check..");
}
