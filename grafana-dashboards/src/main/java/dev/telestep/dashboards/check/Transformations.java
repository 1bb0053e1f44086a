package dev.telestep.dashboards.check;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.telestep.dashboards.check.Frame.Field;
import dev.telestep.dashboards.check.Frame.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a panel's transformations make of a frame, for the kinds that our dashboards use. */
final class Transformations {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final GrafanaInterpolation variables;
  private final List<String> problems = new ArrayList<>();

  private Transformations(GrafanaInterpolation variables) {
    this.variables = variables;
  }

  /** The frames that reach the panel; problems are added to {@code problems}. */
  static List<Frame> apply(
      JsonNode panel, Frame frame, GrafanaInterpolation variables, List<String> problems) {
    Transformations transformations = new Transformations(variables);
    List<Frame> frames = List.of(frame);
    for (JsonNode transformation : panel.path("transformations")) {
      List<Frame> next = new ArrayList<>();
      for (Frame each : frames) {
        next.addAll(
            each.fields().isEmpty()
                ? List.of(each)
                : transformations.apply(
                    transformation.path("id").asText(), transformation.path("options"), each));
      }
      frames = next;
    }
    problems.addAll(transformations.problems);
    return frames;
  }

  private List<Frame> apply(String id, JsonNode options, Frame frame) {
    return switch (id) {
      case "extractFields" -> List.of(extract(options.path("source").asText(), frame));
      case "convertFieldType" -> List.of(convert(options.path("conversions"), frame));
      case "organize" -> List.of(organize(options, frame));
      case "groupingToMatrix" -> List.of(matrix(options, frame));
      case "renameByRegex" -> List.of(rename(options, frame));
      case "partitionByValues" -> partition(options.at("/fields/0").asText(), frame);
      default -> {
        problems.add("unknown transformation " + id);
        yield List.of(frame);
      }
    };
  }

  /** The members of JSON objects become fields, behind the others. */
  private Frame extract(String source, Frame frame) {
    Map<String, List<@Nullable Object>> extracted = new LinkedHashMap<>();
    List<@Nullable Object> texts = needed(source, frame).values();
    for (int row = 0; row < texts.size(); row++) {
      JsonNode object = texts.get(row) == null ? null : json(texts.get(row));
      if (object != null && !object.isObject()) {
        problems.add(source + " is no JSON object: " + object);
      } else if (object != null) {
        for (Map.Entry<String, JsonNode> member : object.properties()) {
          List<@Nullable Object> values =
              extracted.computeIfAbsent(member.getKey(), k -> new ArrayList<>());
          while (values.size() < row) {
            values.add(null);
          }
          values.add(member.getValue());
        }
      }
    }
    List<Field> fields = new ArrayList<>(frame.fields());
    extracted.forEach(
        (name, values) -> {
          while (values.size() < frame.rows()) {
            values.add(null);
          }
          if (frame.field(name) != null) {
            problems.add("two fields have the name " + name);
          }
          fields.add(new Field(name, Kind.OTHER, values));
        });
    return new Frame(fields);
  }

  /** Sparklines: text that is a JSON array of numbers. */
  private Frame convert(JsonNode conversions, Frame frame) {
    for (JsonNode conversion : conversions) {
      for (Object value : needed(conversion.path("targetField").asText(), frame).values()) {
        JsonNode array = value == null ? null : json(value);
        boolean numbers = array == null || array.isArray();
        if (array != null) {
          for (JsonNode element : array) {
            numbers &= element.isNumber() || element.isNull();
          }
        }
        if (!numbers) {
          problems.add("no JSON array of numbers: " + value);
        }
      }
    }
    return frame;
  }

  private Frame organize(JsonNode options, Frame frame) {
    List<Field> fields = new ArrayList<>();
    for (Field field : frame.fields()) {
      if (!options.at("/excludeByName").path(field.name()).asBoolean()) {
        JsonNode name = options.path("renameByName").path(field.name());
        fields.add(name.isTextual() ? field.named(variables.text(name.asText())) : field);
      }
    }
    return new Frame(fields);
  }

  private Frame matrix(JsonNode options, Frame frame) {
    String rowName = options.path("rowField").asText();
    String columnName = options.path("columnField").asText();
    Field rows = needed(rowName, frame);
    Field columns = needed(columnName, frame);
    Field values = needed(options.path("valueField").asText(), frame);
    Set<@Nullable Object> xs = new LinkedHashSet<>(rows.values());
    Map<@Nullable Object, Map<@Nullable Object, @Nullable Object>> cells = new LinkedHashMap<>();
    for (int i = 0; i < frame.rows(); i++) {
      cells
          .computeIfAbsent(columns.values().get(i), c -> new LinkedHashMap<>())
          .put(rows.values().get(i), values.values().get(i));
    }
    List<Field> fields = new ArrayList<>();
    fields.add(new Field(rowName + "\\" + columnName, rows.kind(), new ArrayList<>(xs)));
    cells.forEach(
        (name, cell) -> {
          List<@Nullable Object> column = new ArrayList<>();
          xs.forEach(x -> column.add(cell.get(x)));
          fields.add(new Field(String.valueOf(name), values.kind(), column));
        });
    return new Frame(fields);
  }

  private Frame rename(JsonNode options, Frame frame) {
    String regex = options.path("regex").asText();
    String pattern = variables.text(options.path("renamePattern").asText());
    return new Frame(
        frame.fields().stream().map(f -> f.name().matches(regex) ? f.named(pattern) : f).toList());
  }

  /** A frame per value of a field, named after it. */
  private List<Frame> partition(String by, Frame frame) {
    Field key = needed(by, frame);
    List<Frame> frames = new ArrayList<>();
    for (Object value : new LinkedHashSet<>(key.values())) {
      List<Field> fields = new ArrayList<>();
      for (Field field : frame.fields()) {
        List<@Nullable Object> part = new ArrayList<>();
        for (int i = 0; i < frame.rows(); i++) {
          if (Objects.equals(key.values().get(i), value)) {
            part.add(field.values().get(i));
          }
        }
        if (!field.name().equals(by)) {
          fields.add(new Field(value + " " + field.name(), field.kind(), part));
        }
      }
      frames.add(new Frame(fields));
    }
    return frames;
  }

  private Field needed(String name, Frame frame) {
    Field field = frame.field(name);
    if (field == null) {
      problems.add("a transformation needs the field " + name + ", there are " + frame.names());
      return new Field(name, Kind.OTHER, Collections.nCopies(frame.rows(), null));
    }
    return field;
  }

  private @Nullable JsonNode json(Object text) {
    try {
      return MAPPER.readTree(text.toString());
    } catch (JsonProcessingException e) {
      problems.add("no JSON: " + text);
      return null;
    }
  }
}
