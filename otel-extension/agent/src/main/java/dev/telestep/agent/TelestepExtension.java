package dev.telestep.agent;

import dev.telestep.semconv.RunStatus;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigProperties;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.logs.LogRecordProcessor;
import io.opentelemetry.sdk.logs.ReadWriteLogRecord;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The parts of the extension, put together for one SDK. */
final class TelestepExtension {

  private static final Set<String> SIGNAL_THREADS =
      Set.of("SIGTERM handler", "SIGINT handler", "SIGHUP handler");

  private final AgentSettings settings;
  private final RunStates runs = new RunStates();
  private final Sender sender;
  private final ProcessJournal journal;
  private final RunLog log;
  private final ConsoleCapture console;
  private final TrainingProcessor processor;
  private final AtomicBoolean started = new AtomicBoolean();
  private final AtomicBoolean stopped = new AtomicBoolean();
  private volatile @Nullable Throwable lastUncaught;

  private TelestepExtension(AgentSettings settings, Sender.Factory sender) {
    this.settings = settings;
    this.sender = sender.create(settings, runs::active);
    this.journal = new ProcessJournal(settings, this.sender);
    this.log = new RunLog(runs, journal);
    this.console = new ConsoleCapture(log);
    this.processor =
        new TrainingProcessor(runs, journal, log, this::onRun, this::shutdown, this.sender::flush);
  }

  /** Puts the parts together and starts to deliver what dead processes left. */
  static TelestepExtension start(AgentSettings settings, ConfigProperties config) {
    return start(
        settings, (parsed, active) -> new Sender(parsed, () -> Exporters.create(config), active));
  }

  static TelestepExtension start(AgentSettings settings, Sender.Factory sender) {
    TelestepExtension extension = new TelestepExtension(settings, sender);
    extension.sender.start();
    return extension;
  }

  LogRecordProcessor processor() {
    return processor;
  }

  /** The same processor, kept from seeing what this extension delivers itself. */
  static LogRecordProcessor hidingTrainingEvents(LogRecordProcessor other) {
    return new LogRecordProcessor() {
      @Override
      public void onEmit(Context context, ReadWriteLogRecord record) {
        if (!TrainingProcessor.isTrainingEvent(record)) {
          other.onEmit(context, record);
        }
      }

      @Override
      public CompletableResultCode shutdown() {
        return other.shutdown();
      }

      @Override
      public CompletableResultCode forceFlush() {
        return other.forceFlush();
      }
    };
  }

  void captureConsole() {
    if (settings.stdoutEnabled && !stopped.get()) {
      console.install();
    }
  }

  private void onRun() {
    if (started.compareAndSet(false, true)) {
      UncaughtExceptions.install(this::onUncaught);
      captureConsole();
    }
  }

  /** Called on the dying thread. */
  private void onUncaught(Thread thread, Throwable thrown) {
    lastUncaught = thrown;
    String message = String.valueOf(thrown.getMessage());
    for (RunState run : runs.active()) {
      if (run.thread == thread) {
        processor.end(run, RunStatus.FAILED, thrown, message);
      }
    }
    RunState last = runs.lastOfThread();
    if (last != null && last.thread == thread && last.failedWithoutCause) {
      // try-with-resources closed it before anybody knew why.
      processor.end(last, RunStatus.FAILED, thrown, message);
    }
  }

  private void shutdown() {
    if (!stopped.compareAndSet(false, true)) {
      return;
    }
    console.uninstall();
    log.flush();
    boolean signalled =
        Thread.getAllStackTraces().keySet().stream()
            .anyMatch(thread -> SIGNAL_THREADS.contains(thread.getName()));
    Throwable uncaught = lastUncaught;
    for (RunState run : runs.active()) {
      if (signalled) {
        processor.end(run, RunStatus.KILLED, null, "the process was ended by a signal");
      } else if (uncaught != null) {
        processor.end(run, RunStatus.FAILED, uncaught, String.valueOf(uncaught.getMessage()));
      } else {
        processor.end(run, RunStatus.FAILED, null, "the JVM exited without finish()");
      }
    }
    journal.close(sender.stop(settings.shutdownTimeout));
  }
}
