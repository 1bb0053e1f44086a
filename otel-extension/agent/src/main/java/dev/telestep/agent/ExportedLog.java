package dev.telestep.agent;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.resources.Resource;
import org.jspecify.annotations.Nullable;

/** A log record made from an entry: an event where it has an event name, else a line. */
final class ExportedLog implements LogRecordData {

  private final Resource resource;
  private final Entry entry;
  private final @Nullable String eventName;
  private final Value<?> body;
  private final Attributes attributes;

  ExportedLog(
      Resource resource,
      Entry entry,
      @Nullable String eventName,
      Value<?> body,
      Attributes attributes) {
    this.resource = resource;
    this.entry = entry;
    this.eventName = eventName;
    this.body = body;
    this.attributes = attributes;
  }

  @Override
  public Resource getResource() {
    return resource;
  }

  @Override
  public InstrumentationScopeInfo getInstrumentationScopeInfo() {
    return entry.scope.isEmpty()
        ? ExportedMetric.SCOPE
        : InstrumentationScopeInfo.create(entry.scope);
  }

  @Override
  public long getTimestampEpochNanos() {
    return entry.time;
  }

  @Override
  public long getObservedTimestampEpochNanos() {
    return entry.time;
  }

  @Override
  public SpanContext getSpanContext() {
    return SpanContext.getInvalid();
  }

  @Override
  public Severity getSeverity() {
    for (Severity severity : Severity.values()) {
      if (severity.getSeverityNumber() == entry.severity) {
        return severity;
      }
    }
    return Severity.UNDEFINED_SEVERITY_NUMBER;
  }

  @Override
  public @Nullable String getSeverityText() {
    return entry.severityText.isEmpty() ? null : entry.severityText;
  }

  @Override
  @Deprecated // by the interface, which still asks for it
  @SuppressWarnings("deprecation")
  public io.opentelemetry.sdk.logs.data.Body getBody() {
    return io.opentelemetry.sdk.logs.data.Body.string(body.asString());
  }

  @Override
  public Value<?> getBodyValue() {
    return body;
  }

  @Override
  public Attributes getAttributes() {
    return attributes;
  }

  @Override
  public int getTotalAttributeCount() {
    return attributes.size();
  }

  @Override
  public @Nullable String getEventName() {
    return eventName;
  }
}
