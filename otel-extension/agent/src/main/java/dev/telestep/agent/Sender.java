package dev.telestep.agent;

import dev.telestep.agent.journal.Journal;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.resources.Resource;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The thread that delivers: the entries of this process first, signs of life of its runs in
 * between, then what dead processes left.
 */
final class Sender {

  static final String THREAD_NAME = "telestep-sender";

  private static final long STEP_MILLIS = 50;

  private final AgentSettings settings;
  private final Supplier<List<RunState>> activeRuns;
  private final Supplier<Exporters> makeExporters;
  private final Quarantine quarantine;
  private final Delivery delivery;
  private final Orphans orphans;
  private final Complaints complaints = new Complaints();
  private final Thread thread = new Thread(this::run, THREAD_NAME);
  private final List<CompletableResultCode> flushes = new ArrayList<>();
  private final Object monitor = new Object();

  // Guarded by the monitor.
  private @Nullable Journal journal;
  private @Nullable Mapper mapper;
  private int signals;
  private boolean stopping;
  private boolean drained;
  private long deadline;

  // Of the sender's thread alone.
  private @Nullable Exporters exporters;
  private long heartbeatAt;

  Sender(
      AgentSettings settings,
      Supplier<Exporters> makeExporters,
      Supplier<List<RunState>> activeRuns) {
    this.settings = settings;
    this.makeExporters = makeExporters;
    this.activeRuns = activeRuns;
    this.quarantine = new Quarantine(settings.journalDirectory);
    this.delivery = new Delivery(this::exporters, this::pause, quarantine);
    this.orphans = new Orphans(settings.journalDirectory);
    this.heartbeatAt = System.nanoTime() + settings.heartbeatInterval.toNanos();
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Gives it the journal to deliver from, once. */
  void deliverFrom(Journal source, Resource resource) {
    synchronized (monitor) {
      journal = source;
      mapper = new Mapper(resource, settings.heartbeatInterval.toMillis());
      signal();
    }
  }

  /** Done when everything that was journalled before is delivered. */
  CompletableResultCode flush() {
    CompletableResultCode result = new CompletableResultCode();
    synchronized (monitor) {
      if (stopping || !thread.isAlive()) {
        return drained ? CompletableResultCode.ofSuccess() : CompletableResultCode.ofFailure();
      }
      flushes.add(result);
      signal();
    }
    return result;
  }

  /** Delivers what it can within the time, and ends; false when something is left. */
  boolean stop(Duration timeout) {
    synchronized (monitor) {
      stopping = true;
      deadline = System.nanoTime() + timeout.toNanos();
      signal();
    }
    try {
      thread.join(timeout.toMillis() + 4 * STEP_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    synchronized (monitor) {
      return drained;
    }
  }

  private void run() {
    List<CompletableResultCode> waiting = new ArrayList<>();
    while (true) {
      try {
        // Asked before delivering: what was appended before stop() must be in the last round.
        boolean stop;
        synchronized (monitor) {
          stop = stopping;
        }
        heartbeatIfDue();
        boolean all = deliverOwn();
        synchronized (monitor) {
          drained = stop && all;
        }
        waiting.forEach(all ? CompletableResultCode::succeed : CompletableResultCode::fail);
        waiting.clear();
        // The time that is left at the end goes to what dead processes left, so that it also gets
        // there by a process that lives for a moment only.
        boolean more = !(stop && !all) && orphans.deliverSome(delivery, quarantine);
        if (stop && !(more && pause(0))) {
          break;
        }
        if (!more) {
          waitForWork();
        }
      } catch (RuntimeException | LinkageError | IOException e) {
        complaints.report(1, () -> "delivering went wrong, and goes on: " + e);
        if (!pause(settings.exportInterval.toMillis())) {
          break;
        }
      }
      synchronized (monitor) {
        waiting.addAll(flushes);
        flushes.clear();
      }
    }
    synchronized (monitor) {
      waiting.addAll(flushes);
      flushes.clear();
    }
    waiting.forEach(CompletableResultCode::fail);
    orphans.release();
    if (exporters != null) {
      exporters.close();
    }
  }

  /**
   * Delivers all that was in the journal when it was called; false when it gave up. What came
   * meanwhile waits for the next round, or a steady training would be sent row by row.
   */
  private boolean deliverOwn() throws IOException {
    Journal source;
    Mapper map;
    synchronized (monitor) {
      source = journal;
      map = mapper;
    }
    if (source == null || map == null) {
      return true;
    }
    while (true) {
      Batch batch = Batch.read(source, quarantine, (entry, position) -> true);
      if (batch.isEmpty()) {
        return true;
      }
      if (!delivery.deliver(batch.entries, map)) {
        return false;
      }
      source.acknowledge(batch.position);
      if (batch.complete) {
        return true;
      }
      heartbeatIfDue();
    }
  }

  private void heartbeatIfDue() {
    long now = System.nanoTime();
    Mapper map;
    synchronized (monitor) {
      map = mapper;
    }
    if (map == null || now - heartbeatAt < 0) {
      return;
    }
    heartbeatAt = now + settings.heartbeatInterval.toNanos();
    List<MetricData> signs = new ArrayList<>();
    for (RunState run : activeRuns.get()) {
      signs.add(map.heartbeat(run.identity, RunState.now()));
    }
    if (!signs.isEmpty()) {
      CompletableResultCode result = exporters().metrics(signs);
      while (!result.join(STEP_MILLIS, TimeUnit.MILLISECONDS).isDone() && pause(0)) {
        // A lost sign of life is no loss; it is awaited because an exporter takes one at a time.
      }
    }
  }

  private Exporters exporters() {
    if (exporters == null) {
      exporters = makeExporters.get();
    }
    return exporters;
  }

  private void waitForWork() {
    synchronized (monitor) {
      if (!stopping && flushes.isEmpty()) {
        waitOnMonitor(settings.exportInterval.toMillis());
      }
    }
  }

  /** Waits; false when the time to deliver is over. */
  private boolean pause(long millis) {
    synchronized (monitor) {
      if (millis > 0 && !stopping) {
        waitOnMonitor(millis);
      } else if (millis > 0) {
        waitOnMonitor(Math.min(millis, STEP_MILLIS * 4));
      }
      return !stopping || System.nanoTime() - deadline < 0;
    }
  }

  /** Waits until the time is over or somebody signals; the caller holds the monitor. */
  private void waitOnMonitor(long millis) {
    int before = signals;
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    try {
      for (long left = millis; left > 0 && signals == before; ) {
        monitor.wait(left);
        left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
      }
    } catch (InterruptedException e) {
      // Nobody but a dying JVM interrupts this thread; what is left stays in the journal.
      Thread.currentThread().interrupt();
      stopping = true;
      deadline = System.nanoTime();
    }
  }

  private void signal() {
    signals++;
    monitor.notifyAll();
  }

  /** Makes the sender of some runs. */
  interface Factory {
    Sender create(AgentSettings settings, Supplier<List<RunState>> activeRuns);
  }
}
