/**
 * The run store as a port: {@link dev.telestep.store.RunWriter} is the write side, {@link
 * dev.telestep.store.RunReader} the read side. Adapters live in packages below this one.
 */
@NullMarked
package dev.telestep.store;

import org.jspecify.annotations.NullMarked;
