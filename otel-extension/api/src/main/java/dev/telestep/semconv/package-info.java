/**
 * The names on the wire: attributes, events and metrics of a training run, in one place.
 *
 * <p>Every other module reads these names from here. All of them are compile-time constants, so a
 * module that uses them needs no class of this package at run time. Start with {@link
 * dev.telestep.semconv.TrainingAttributes}.
 */
@NullMarked
package dev.telestep.semconv;

import org.jspecify.annotations.NullMarked;
