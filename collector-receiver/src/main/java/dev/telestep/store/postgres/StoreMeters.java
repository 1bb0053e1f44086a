package dev.telestep.store.postgres;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/** What the store counts about itself. */
final class StoreMeters {

  final Timer commits;
  final DistributionSummary commitPoints;
  final Counter failedCommits;
  final Counter refusedBusy;
  final Counter refusedUnavailable;
  final Counter refusedInternal;
  final Counter refreshedSummaries;

  StoreMeters(MeterRegistry registry, WriteQueue queue) {
    commits =
        Timer.builder("telestep.store.commit")
            .description("Group commits that succeeded")
            .publishPercentiles(0.5, 0.95, 0.99)
            .register(registry);
    commitPoints =
        DistributionSummary.builder("telestep.store.commit.points")
            .description("Points and other facts of a group commit")
            .register(registry);
    failedCommits =
        Counter.builder("telestep.store.commit.failures")
            .description("Transactions that were rolled back")
            .register(registry);
    refusedBusy = refused(registry, "busy");
    refusedUnavailable = refused(registry, "unavailable");
    refusedInternal = refused(registry, "internal");
    refreshedSummaries =
        Counter.builder("telestep.store.summaries.refreshed")
            .description("Summaries computed anew from the points")
            .register(registry);
    Gauge.builder("telestep.store.queue.points", queue, WriteQueue::points)
        .description("Points and other facts that wait for their commit")
        .register(registry);
    Gauge.builder("telestep.store.queue.bytes", queue, WriteQueue::bytes)
        .description("Estimated bytes that wait for their commit")
        .baseUnit("bytes")
        .register(registry);
  }

  private static Counter refused(MeterRegistry registry, String reason) {
    return Counter.builder("telestep.store.refused")
        .description("Requests that were not stored")
        .tag("reason", reason)
        .register(registry);
  }
}
