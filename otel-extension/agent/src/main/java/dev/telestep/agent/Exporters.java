package dev.telestep.agent;

import io.opentelemetry.sdk.autoconfigure.spi.ConfigProperties;
import io.opentelemetry.sdk.autoconfigure.spi.logs.ConfigurableLogRecordExporterProvider;
import io.opentelemetry.sdk.autoconfigure.spi.metrics.ConfigurableMetricExporterProvider;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;

/** The extension's own OTLP exporters; they honour every {@code otel.exporter.otlp.*} setting. */
final class Exporters implements AutoCloseable {

  private static final String OTLP = "otlp";
  private static final long CLOSE_SECONDS = 2;

  private final MetricExporter metrics;
  private final LogRecordExporter logs;

  Exporters(MetricExporter metrics, LogRecordExporter logs) {
    this.metrics = metrics;
    this.logs = logs;
  }

  /**
   * Makes exporters of the SDK that is there.
   *
   * @throws IllegalStateException when its OTLP exporter is missing
   */
  static Exporters create(ConfigProperties config) {
    ClassLoader loader = Exporters.class.getClassLoader();
    for (ConfigurableMetricExporterProvider metrics :
        ServiceLoader.load(ConfigurableMetricExporterProvider.class, loader)) {
      if (metrics.getName().equals(OTLP)) {
        for (ConfigurableLogRecordExporterProvider logs :
            ServiceLoader.load(ConfigurableLogRecordExporterProvider.class, loader)) {
          if (logs.getName().equals(OTLP)) {
            return new Exporters(metrics.createExporter(config), logs.createExporter(config));
          }
        }
      }
    }
    throw new IllegalStateException(
        "opentelemetry-exporter-otlp is not on the class path: runs are journalled, not sent");
  }

  CompletableResultCode metrics(List<MetricData> data) {
    return metrics.export(data);
  }

  CompletableResultCode logs(List<LogRecordData> data) {
    return logs.export(data);
  }

  @Override
  public void close() {
    CompletableResultCode.ofAll(List.of(metrics.shutdown(), logs.shutdown()))
        .join(CLOSE_SECONDS, TimeUnit.SECONDS);
  }
}
