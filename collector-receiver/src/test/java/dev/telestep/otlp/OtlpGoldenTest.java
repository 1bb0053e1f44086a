package dev.telestep.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.JsonFormat;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * OTLP/JSON in, what is stored out, as text files side by side. {@code ./mvnw test -pl
 * collector-receiver -am -Dtest=OtlpGoldenTest -Dsurefire.failIfNoSpecifiedTests=false
 * -Dtelestep.test.jvm.args=-Dtelestep.golden.update=true} writes the texts again.
 */
class OtlpGoldenTest {

  private static final Path FILES = Path.of("src/test/resources/otlp");
  private static final long NOW = 1_700_000_000_000_000_000L;

  @ParameterizedTest
  @ValueSource(strings = {"encoding", "ordinary"})
  void metrics_becomeTheRecordsInTheFile(String name) throws IOException {
    Path input = FILES.resolve("metrics").resolve(name + ".json");
    ExportMetricsServiceRequest.Builder request = ExportMetricsServiceRequest.newBuilder();
    JsonFormat.parser().ignoringUnknownFields().merge(Files.readString(input), request);
    check(input, Dump.of(OtlpDecoder.metrics(request.build(), new UUID(0, 0), NOW)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"events", "rejected"})
  void logs_becomeTheRecordsInTheFile(String name) throws IOException {
    Path input = FILES.resolve("logs").resolve(name + ".json");
    ExportLogsServiceRequest.Builder request = ExportLogsServiceRequest.newBuilder();
    JsonFormat.parser().ignoringUnknownFields().merge(Files.readString(input), request);
    check(input, Dump.of(OtlpDecoder.logs(request.build(), new UUID(0, 0), NOW)));
  }

  private static void check(Path input, String actual) throws IOException {
    Path golden = Path.of(input.toString().replace(".json", ".txt"));
    if (Boolean.getBoolean("telestep.golden.update")) {
      Files.writeString(golden, actual);
    }
    assertThat(actual).isEqualTo(Files.readString(golden));
  }
}
