/**
 * From OTLP to {@link dev.telestep.model.WriteRequest}: pure functions without any input or output.
 *
 * <p>Both encodings of a training run (gauges and events) and the ordinary metrics and log records
 * of a process that carries {@code training.run.id} end up here. Start with {@link
 * dev.telestep.otlp.OtlpDecoder}.
 */
@NullMarked
package dev.telestep.otlp;

import org.jspecify.annotations.NullMarked;
