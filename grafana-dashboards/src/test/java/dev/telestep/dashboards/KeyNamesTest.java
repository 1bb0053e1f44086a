package dev.telestep.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyNamesTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "loss",
        "val/loss",
        "train_loss",
        "Loss",
        "cross_entropy",
        "val/err",
        "error_rate",
        "rmse",
        "optim/grad_norm",
        "perf/step_time_ms",
        "epoch_time",
        "latency",
        "val/WER"
      })
  void goal_ofLossesErrorsAndTimes_isLow(String key) {
    assertThat(found(KeyNames.LOWER_IS_BETTER, key)).isTrue();
    assertThat(found(KeyNames.NEUTRAL, key)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "accuracy",
        "val/acc@5",
        "samples_per_s",
        "tokens_per_second",
        "reward",
        "confidence",
        "power",
        "answer_rate",
        "certainty",
        "bleu"
      })
  void goal_ofOtherResults_isHigh(String key) {
    assertThat(found(KeyNames.LOWER_IS_BETTER, key)).isFalse();
    assertThat(found(KeyNames.NEUTRAL, key)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "lr",
        "optim/lr",
        "lr-Adam/pg1",
        "learning_rate",
        "epoch",
        "overall_epochs",
        "global_step",
        "step",
        "progress",
        "train/tokens",
        "momentum",
        "weight_decay",
        "batch_size"
      })
  void goal_ofSchedulesCountersAndProgress_isNone(String key) {
    assertThat(found(KeyNames.NEUTRAL, key)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "val/accuracy,true",
    "clip_ratio,true",
    "acc,true",
    "F1,true",
    "acceleration,false",
    "operation,false",
    "loss,false"
  })
  void fraction_isAWordOfItsOwn(String key, boolean fraction) {
    assertThat(found(KeyNames.FRACTION, key)).isEqualTo(fraction);
  }

  private static boolean found(String pattern, String key) {
    return Pattern.compile(pattern, Pattern.CASE_INSENSITIVE).matcher(key).find();
  }
}
