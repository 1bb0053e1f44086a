package dev.telestep.dashboards.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ReadSchemaTest {

  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| `(\\w+)(?:\\([^`]*\\))?` \\| (.*) \\|$");

  @Test
  void objects_areThoseOfTheArchitecture() throws IOException {
    String architecture = Files.readString(Path.of("../ARCHITECTURE.md"));
    Matcher row = ROW.matcher(architecture.substring(architecture.indexOf("## The schema")));
    Set<String> named = new TreeSet<>();
    while (row.find()) {
      named.add(row.group(1));
      Set<String> columns = ReadSchema.OBJECTS.getOrDefault(row.group(1), Set.of());
      assertThat(columns)
          .allSatisfy(c -> assertThat(row.group(2)).containsPattern("\\b" + c + "\\b"));
    }

    assertThat(named).containsExactlyInAnyOrderElementsOf(ReadSchema.OBJECTS.keySet());
  }
}
