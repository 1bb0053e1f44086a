package dev.telestep.agent;

import io.opentelemetry.javaagent.extension.AgentListener;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import java.util.logging.Level;

/**
 * Captures the console once the agent is up, before the application can keep a reference to the
 * real streams; without an agent the first run does it.
 */
public final class TelestepAgentListener implements AgentListener {

  /** For {@code ServiceLoader}. */
  public TelestepAgentListener() {}

  @Override
  public void afterAgent(AutoConfiguredOpenTelemetrySdk sdk) {
    TelestepExtension extension = TelestepCustomizerProvider.newest();
    if (extension != null) {
      try {
        extension.captureConsole();
      } catch (RuntimeException | LinkageError e) {
        Complaints.say(Level.WARNING, "the console is not captured: " + e);
      }
    }
  }
}
