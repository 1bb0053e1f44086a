package dev.telestep.examples.fashionmnist;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * Labelled grey images of 28 by 28 pixels in memory, read from the gzipped IDX files that ship with
 * the example.
 *
 * @see <a href="https://github.com/zalandoresearch/fashion-mnist">Fashion-MNIST (MIT, Zalando)</a>
 */
final class Images {

  static final int SIDE = 28;

  /** Names of the labels 0 to 9. */
  static final List<String> CLASSES =
      List.of(
          "T-shirt/top",
          "Trouser",
          "Pullover",
          "Dress",
          "Coat",
          "Sandal",
          "Shirt",
          "Sneaker",
          "Bag",
          "Ankle boot");

  private static final int PIXELS = SIDE * SIDE;
  private static final int IDX_IMAGES = 0x803;
  private static final int IDX_LABELS = 0x801;

  private final byte[] pixels;
  private final byte[] labels;

  private Images(byte[] pixels, byte[] labels) {
    this.pixels = pixels;
    this.labels = labels;
  }

  /** The 6,000 images to learn from. */
  static Images training() throws IOException {
    return read("train");
  }

  /** The 1,500 images of the original test set to judge by. */
  static Images validation() throws IOException {
    return read("t10k");
  }

  /** The first images of this set, in their order. */
  Images first(int count) {
    return new Images(Arrays.copyOf(pixels, count * PIXELS), Arrays.copyOf(labels, count));
  }

  int size() {
    return labels.length;
  }

  /** Grey values from 0 to 1 of the images at these indices, image by image, row by row. */
  float[] pixels(int[] indices) {
    float[] result = new float[indices.length * PIXELS];
    int to = 0;
    for (int index : indices) {
      for (int from = index * PIXELS; from < (index + 1) * PIXELS; from++) {
        result[to++] = (pixels[from] & 0xFF) / 255f;
      }
    }
    return result;
  }

  /** Labels of the images at these indices. */
  long[] labels(int[] indices) {
    return Arrays.stream(indices).mapToLong(index -> labels[index]).toArray();
  }

  private static Images read(String set) throws IOException {
    byte[] pixels = idx("fashion-mnist/" + set + "-images-idx3-ubyte.gz", IDX_IMAGES);
    byte[] labels = idx("fashion-mnist/" + set + "-labels-idx1-ubyte.gz", IDX_LABELS);
    if (pixels.length != labels.length * PIXELS) {
      throw new IOException(
          set + ": " + pixels.length + " pixels do not make " + labels.length + " images");
    }
    return new Images(pixels, labels);
  }

  /** Reads the values of an IDX file: magic number, a length per dimension, then a byte each. */
  private static byte[] idx(String resource, int expectedMagic) throws IOException {
    InputStream file = Images.class.getClassLoader().getResourceAsStream(resource);
    if (file == null) {
      throw new IOException("resource " + resource + " is missing");
    }
    try (DataInputStream in = new DataInputStream(new GZIPInputStream(file))) {
      int magic = in.readInt();
      if (magic != expectedMagic) {
        throw new IOException(
            resource + ": magic number " + magic + " where " + expectedMagic + " was expected");
      }
      int length = 1;
      for (int dimension = 0; dimension < (magic & 0xFF); dimension++) {
        length = Math.multiplyExact(length, in.readInt());
      }
      byte[] values = new byte[length];
      in.readFully(values);
      return values;
    }
  }
}
