package dev.telestep.otlp;

/** One fault: its reason, and a message that names the value and what was expected. */
record Rejection(RejectionReason reason, String message) {}
