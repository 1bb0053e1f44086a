package dev.telestep.collector;

/**
 * What the sender of a stored request is told (OTLP's partial success).
 *
 * @param rejected data points or log records of which at least a part was rejected
 * @param message what was wrong with them; empty when nothing was
 */
public record Receipt(long rejected, String message) {}
