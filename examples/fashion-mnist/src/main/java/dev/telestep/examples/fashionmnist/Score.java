package dev.telestep.examples.fashionmnist;

/**
 * How well the network did on some images.
 *
 * @param loss mean cross entropy in nats
 * @param accuracy fraction of images named correctly, 0 to 1
 */
record Score(double loss, double accuracy) {

  /** Adds up the scores of batches of different sizes. */
  static final class Sum {

    private double loss;
    private double correct;
    private long images;

    void add(Score score, int size) {
      loss += score.loss * size;
      correct += score.accuracy * size;
      images += size;
    }

    Score mean() {
      return new Score(loss / images, correct / images);
    }
  }
}
