package dev.telestep.store.postgres;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Values of jsonb columns. */
final class Json {

  private static final ObjectMapper mapper = new ObjectMapper();

  private Json() {}

  static String text(Object value) {
    try {
      return mapper.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("cannot be written as JSON: " + value, e);
    }
  }

  static Map<String, String> map(String json) {
    try {
      return mapper.readValue(json, new TypeReference<TreeMap<String, String>>() {});
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("not a JSON object of texts: " + json, e);
    }
  }

  static List<String> list(String json) {
    try {
      return mapper.readValue(json, new TypeReference<List<String>>() {});
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("not a JSON array of texts: " + json, e);
    }
  }
}
