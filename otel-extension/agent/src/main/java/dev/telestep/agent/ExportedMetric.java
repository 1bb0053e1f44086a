package dev.telestep.agent;

import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.metrics.data.Data;
import io.opentelemetry.sdk.metrics.data.DoublePointData;
import io.opentelemetry.sdk.metrics.data.GaugeData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.MetricDataType;
import io.opentelemetry.sdk.resources.Resource;
import java.util.List;

/** A gauge whose points were made by hand, with exact times. */
final class ExportedMetric implements MetricData {

  static final InstrumentationScopeInfo SCOPE = InstrumentationScopeInfo.create("dev.telestep");

  private final Resource resource;
  private final String name;
  private final Data<DoublePointData> data;

  ExportedMetric(Resource resource, String name, List<DoublePointData> points) {
    this.resource = resource;
    this.name = name;
    this.data = GaugeData.createDoubleGaugeData(points);
  }

  @Override
  public Resource getResource() {
    return resource;
  }

  @Override
  public InstrumentationScopeInfo getInstrumentationScopeInfo() {
    return SCOPE;
  }

  @Override
  public String getName() {
    return name;
  }

  @Override
  public String getDescription() {
    return "";
  }

  @Override
  public String getUnit() {
    return "1";
  }

  @Override
  public MetricDataType getType() {
    return MetricDataType.DOUBLE_GAUGE;
  }

  @Override
  public Data<?> getData() {
    return data;
  }
}
