/**
 * A real training under Telestep: a small convolutional network learns a part of Fashion-MNIST with
 * DJL and PyTorch. Start reading at {@link dev.telestep.examples.fashionmnist.Training}: it is the
 * loop, and all that it says to Telestep; the rest is data and network.
 */
@NullMarked
package dev.telestep.examples.fashionmnist;

import org.jspecify.annotations.NullMarked;
