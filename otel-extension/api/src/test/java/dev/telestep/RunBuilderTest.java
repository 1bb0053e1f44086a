package dev.telestep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.telestep.semconv.TrainingAttributes;
import dev.telestep.semconv.TrainingEvents;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RunBuilderTest {

  private final Recorder recorder = new Recorder();

  @AfterEach
  void reset() {
    GlobalOpenTelemetry.resetForTest();
  }

  @Test
  void start_saysWhatIsKnown() {
    Recorder.builder(Map.of())
        .name("mnist")
        .project("vision")
        .group("grid")
        .tags("cnn", "small")
        .parameter("lr", 0.1)
        .parameters(Map.of("optimizer", "adam"))
        .overallEpochs(10)
        .overallSteps(500)
        .openTelemetry(recorder.sdk)
        .start()
        .finish();

    Map<String, Object> body = Recorder.body(recorder.only(TrainingEvents.RUN_START));
    assertThat(body)
        .containsEntry("name", "mnist")
        .containsEntry("project", "vision")
        .containsEntry("group", "grid")
        .containsEntry("tags", List.of(Value.of("cnn"), Value.of("small")))
        .containsEntry(
            "parameters",
            List.of(KeyValue.of("lr", Value.of(0.1)), KeyValue.of("optimizer", Value.of("adam"))))
        .containsEntry("overall_epochs", 10.0)
        .containsEntry("overall_steps", 500L);
  }

  @Test
  void defaults_areUsed_whenNothingIsSet() {
    Run run = Recorder.builder(Map.of()).openTelemetry(recorder.sdk).start();
    run.finish();
    assertThat(Recorder.body(recorder.only(TrainingEvents.RUN_START)))
        .isEqualTo(Map.of("name", "run", "project", "default"));
    assertThat(UUID.fromString(run.id()).version()).isEqualTo(7);
    assertThat(UUID.fromString(run.attempt()).version()).isEqualTo(7);
  }

  @Test
  void settings_comeFromOutside_unlessSet() {
    Map<String, String> outside =
        Map.of(
            Settings.RUN_ID,
            "outer-id",
            Settings.ATTEMPT,
            "second",
            Settings.RUN_NAME,
            "outer",
            Settings.PROJECT,
            "shared",
            Settings.RANK,
            "3");
    Run run = Recorder.builder(outside).name("own").openTelemetry(recorder.sdk).start();
    run.log(Map.of("loss", 1));
    run.finish();

    assertThat(run.id()).isEqualTo("outer-id");
    assertThat(run.attempt()).isEqualTo("second");
    assertThat(Recorder.body(recorder.only(TrainingEvents.RUN_START)))
        .isEqualTo(Map.of("name", "own", "project", "shared"));
    assertThat(
            recorder
                .rows()
                .get(0)
                .getAttributes()
                .get(AttributeKey.longKey(TrainingAttributes.RANK)))
        .isEqualTo(3);
    Run own = Recorder.builder(outside).runId("mine").openTelemetry(recorder.sdk).start();
    own.finish();
    assertThat(own.id()).isEqualTo("mine");
  }

  @Test
  void resume_keepsWhatTheStoreKnows_andTakesTheNextAttempt() {
    Run run =
        Recorder.builder(Map.of())
            .resume("earlier")
            .initialStep(40)
            .openTelemetry(recorder.sdk)
            .start();
    run.log(Map.of("loss", 1));
    run.finish();
    assertThat(run.id()).isEqualTo("earlier");
    assertThat(Recorder.body(recorder.only(TrainingEvents.RUN_START))).isEmpty();
    assertThat(recorder.steps()).containsExactly(40L);
  }

  @Test
  void settings_winAsPropertyOverVariable() {
    Settings settings =
        Settings.from(Map.of("telestep.run.id", "p")::get, Map.of("TELESTEP_RUN_ID", "e")::get);
    assertThat(settings.get(Settings.RUN_ID)).isEqualTo("p");
    assertThat(
            Settings.from(name -> null, Map.of("TELESTEP_RUN_ID", "e")::get).get(Settings.RUN_ID))
        .isEqualTo("e");
    assertThat(Settings.from(name -> " ", name -> null).get(Settings.RUN_ID)).isNull();
  }

  @Test
  void wrongSettings_areNamed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Recorder.builder(Map.of(Settings.RANK, "first")).start())
        .withMessage("telestep.rank (TELESTEP_RANK) must be a whole number: first");
    RunBuilder builder = Recorder.builder(Map.of());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.initialStep(-3))
        .withMessage("initialStep must not be negative: -3");
    assertThatIllegalArgumentException().isThrownBy(() -> builder.runId("x".repeat(257)));
    assertThatIllegalArgumentException().isThrownBy(() -> builder.name(" "));
    assertThatIllegalArgumentException().isThrownBy(() -> builder.overallEpochs(0));
    assertThatIllegalArgumentException().isThrownBy(() -> builder.overallSteps(-1));
  }

  @Test
  void start_leavesTheGlobalOpenTelemetryToTheApplication() {
    Recorder.builder(Map.of()).start().finish();
    GlobalOpenTelemetry.set(
        OpenTelemetrySdk.builder()
            .setPropagators(ContextPropagators.create(W3CTraceContextPropagator.getInstance()))
            .build());
    assertThat(GlobalOpenTelemetry.isSet()).isTrue();
  }

  @Test
  void staticVerbs_actOnTheNewestRun_andStartOneWhenNoneIsActive() {
    GlobalOpenTelemetry.set(recorder.sdk);
    Telestep.finish();
    assertThat(Telestep.currentRun()).isNull();

    Telestep.reportMetric("accuracy", .34);
    Run implicit = Telestep.currentRun();
    assertThat(implicit).isNotNull();
    Run newest = recorder.start();
    Telestep.log(Map.of("loss", 1), 9);
    Telestep.reportParameter("optimizer", "adam");
    assertThat(Telestep.currentRun()).isSameAs(newest);
    newest.finish();
    assertThat(Telestep.currentRun()).isSameAs(implicit);
    Telestep.finish();

    assertThat(recorder.bodies()).containsExactly(Map.of("accuracy", .34), Map.of("loss", 1L));
    assertThat(Recorder.body(recorder.only(TrainingEvents.PARAMETERS)))
        .isEqualTo(Map.of("optimizer", "adam"));
    assertThat(Recorder.body(recorder.events(TrainingEvents.RUN_START).get(0)))
        .containsEntry("name", "run");
  }

  @Test
  void ids_sortByTime() {
    assertThat(TimeOrderedIds.of(1L, -1L, -1L).toString())
        .isEqualTo("00000000-0001-7fff-bfff-ffffffffffff")
        .isLessThan(TimeOrderedIds.of(2L, 0L, 0L).toString());
  }
}
