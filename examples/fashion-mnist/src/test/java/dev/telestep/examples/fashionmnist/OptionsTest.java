package dev.telestep.examples.fashionmnist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class OptionsTest {

  @Test
  void parse_keepsDefaults_withoutArguments() {
    assertThat(Options.parse()).isEqualTo(Options.DEFAULTS);
  }

  @Test
  void parse_setsWhatIsNamed() {
    assertThat(Options.parse("--epochs", "3", "--variant", "regularized", "--group", "night"))
        .isEqualTo(new Options(Variant.REGULARIZED, 3, "night"));
  }

  @Test
  void parse_namesTheProblem_whenAnArgumentIsWrong() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Options.parse("--epoch", "3"))
        .withMessageContaining("'--epoch'");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Options.parse("--epochs", "many"))
        .withMessageContaining("--epochs")
        .withMessageContaining("'many'");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Options.parse("--epochs", "0"))
        .withMessageContaining("at least 1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Options.parse("--variant"))
        .withMessageContaining("--variant needs a value");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Options.parse("--variant", "huge"))
        .withMessageContaining("baseline, regularized")
        .withMessageContaining("'huge'");
  }
}
