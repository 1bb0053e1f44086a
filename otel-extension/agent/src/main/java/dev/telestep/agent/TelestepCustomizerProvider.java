package dev.telestep.agent;

import dev.telestep.semconv.TrainingAttributes;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.sdk.autoconfigure.spi.AutoConfigurationCustomizer;
import io.opentelemetry.sdk.autoconfigure.spi.AutoConfigurationCustomizerProvider;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigProperties;
import io.opentelemetry.sdk.logs.LogRecordProcessor;
import io.opentelemetry.sdk.logs.SdkLoggerProviderBuilder;
import io.opentelemetry.sdk.resources.Resource;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;

/**
 * Hooks the extension into the SDK that the agent or autoconfiguration builds; found by {@code
 * ServiceLoader}. Whatever goes wrong here is said in one line, and the SDK starts without it.
 */
public final class TelestepCustomizerProvider implements AutoConfigurationCustomizerProvider {

  private static volatile @Nullable TelestepExtension newest;

  /** For {@code ServiceLoader}. */
  public TelestepCustomizerProvider() {}

  @Override
  public void customize(AutoConfigurationCustomizer autoConfiguration) {
    Wiring wiring = new Wiring();
    autoConfiguration.addResourceCustomizer(wiring::resource);
    autoConfiguration.addLogRecordProcessorCustomizer(wiring::others);
    autoConfiguration.addLoggerProviderCustomizer(wiring::loggerProvider);
  }

  /** The extension of the SDK that was built last; null when there is none. */
  static @Nullable TelestepExtension newest() {
    return newest;
  }

  /** What belongs to one SDK. The extension is made by whoever needs it first. */
  private static final class Wiring {

    private boolean tried;
    private @Nullable TelestepExtension extension;

    Resource resource(Resource resource, ConfigProperties config) {
      try {
        AgentSettings settings = new AgentSettings(config);
        if (!settings.enabled) {
          return resource;
        }
        AttributesBuilder attributes = Attributes.builder();
        put(attributes, TrainingAttributes.RUN_ID, settings.runId);
        if (settings.runId != null) {
          put(attributes, TrainingAttributes.RUN_NAME, settings.runName);
          put(attributes, TrainingAttributes.PROJECT, settings.project);
        }
        return resource.merge(Resource.create(attributes.build()));
      } catch (RuntimeException | LinkageError e) {
        // Said where the extension is made.
        return resource;
      }
    }

    LogRecordProcessor others(LogRecordProcessor other, ConfigProperties config) {
      return extension(config) == null ? other : TelestepExtension.hidingTrainingEvents(other);
    }

    SdkLoggerProviderBuilder loggerProvider(
        SdkLoggerProviderBuilder builder, ConfigProperties config) {
      TelestepExtension made = extension(config);
      return made == null ? builder : builder.addLogRecordProcessorFirst(made.processor());
    }

    private @Nullable TelestepExtension extension(ConfigProperties config) {
      if (!tried) {
        tried = true;
        try {
          AgentSettings settings = new AgentSettings(config);
          extension = settings.enabled ? TelestepExtension.start(settings, config) : null;
          newest = extension;
        } catch (RuntimeException | LinkageError e) {
          Complaints.say(Level.SEVERE, "runs are not recorded by the extension: " + e);
        }
      }
      return extension;
    }

    private static void put(AttributesBuilder attributes, String name, @Nullable String value) {
      if (value != null) {
        attributes.put(name, value);
      }
    }
  }
}
