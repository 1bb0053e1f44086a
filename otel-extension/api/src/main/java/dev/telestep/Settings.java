package dev.telestep;

import java.util.Locale;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Settings from outside the program: the system property, else the environment variable. */
interface Settings {

  String RUN_ID = "telestep.run.id";
  String RUN_NAME = "telestep.run.name";
  String ATTEMPT = "telestep.attempt";
  String PROJECT = "telestep.project";
  String RANK = "telestep.rank";

  /** The value of a setting; null when it is absent or blank. */
  @Nullable String get(String name);

  static Settings system() {
    return from(System::getProperty, System::getenv);
  }

  static Settings from(
      UnaryOperator<@Nullable String> properties, UnaryOperator<@Nullable String> environment) {
    return name -> {
      String value = properties.apply(name);
      if (value == null || value.isBlank()) {
        value = environment.apply(name.toUpperCase(Locale.ROOT).replace('.', '_'));
      }
      return value == null || value.isBlank() ? null : value.trim();
    };
  }
}
