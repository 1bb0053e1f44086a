/**
 * Grafana as a user gets it: started in a container with the project's provisioning, asked over its
 * HTTP API. {@link dev.telestep.examples.compose.ComposeFileTest} needs no Docker.
 */
@NullMarked
package dev.telestep.examples.compose;

import org.jspecify.annotations.NullMarked;
