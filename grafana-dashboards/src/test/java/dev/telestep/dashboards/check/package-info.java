/** Tests of the checks, and the checks of our own dashboards. */
@NullMarked
package dev.telestep.dashboards.check;

import org.jspecify.annotations.NullMarked;
