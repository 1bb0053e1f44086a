package dev.telestep.examples.fashionmnist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ImagesTest {

  @Test
  void training_holdsEveryClass() throws IOException {
    Images images = Images.training();

    long[] labels = images.labels(IntStream.range(0, images.size()).toArray());

    assertThat(images.size()).isEqualTo(6_000);
    assertThat(Arrays.stream(labels).distinct().sorted().toArray())
        .containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
  }

  @Test
  void pixels_areGreyValuesFromZeroToOne_inTheOrderOfTheIndices() throws IOException {
    Images images = Images.validation();

    float[] both = images.pixels(new int[] {7, 3});

    assertThat(both).hasSize(2 * Images.SIDE * Images.SIDE);
    assertThat(Arrays.copyOf(both, both.length / 2)).containsExactly(images.pixels(new int[] {7}));
    for (float value : both) {
      assertThat(value).isBetween(0f, 1f);
    }
    assertThat(both).contains(0f).doesNotContain(Float.NaN);
  }

  @Test
  void firstImage_isTheAnkleBootOfTheOriginalSet() throws IOException {
    long label = Images.validation().labels(new int[] {0})[0];

    assertThat(Images.CLASSES.get((int) label)).isEqualTo("Ankle boot");
  }
}
