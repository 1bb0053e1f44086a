package dev.telestep.server;

import com.google.protobuf.Message;
import dev.telestep.collector.Receipt;
import dev.telestep.otlp.Signal;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsPartialSuccess;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsPartialSuccess;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;

/** OTLP's answers to what was stored; with a partial success where something was rejected. */
final class Responses {

  private Responses() {}

  static Message of(Signal signal, Receipt receipt) {
    return switch (signal) {
      case METRICS -> metrics(receipt);
      case LOGS -> logs(receipt);
    };
  }

  static ExportMetricsServiceResponse metrics(Receipt receipt) {
    ExportMetricsServiceResponse.Builder response = ExportMetricsServiceResponse.newBuilder();
    if (receipt.rejected() > 0) {
      response.setPartialSuccess(
          ExportMetricsPartialSuccess.newBuilder()
              .setRejectedDataPoints(receipt.rejected())
              .setErrorMessage(receipt.message()));
    }
    return response.build();
  }

  static ExportLogsServiceResponse logs(Receipt receipt) {
    ExportLogsServiceResponse.Builder response = ExportLogsServiceResponse.newBuilder();
    if (receipt.rejected() > 0) {
      response.setPartialSuccess(
          ExportLogsPartialSuccess.newBuilder()
              .setRejectedLogRecords(receipt.rejected())
              .setErrorMessage(receipt.message()));
    }
    return response.build();
  }
}
