/**
 * Generates the provisioned Grafana dashboards: a class per dashboard, a function per panel.
 *
 * <p>Start with {@link dev.telestep.dashboards.Dashboards}. What all panels share is in {@code
 * Board}, {@code Panels}, {@code Fields}, {@code Transform}, {@code Variables} and {@code Sql}; the
 * characters nobody sees, which tie SQL to field overrides, are in {@code Markers}.
 */
@NullMarked
package dev.telestep.dashboards;

import org.jspecify.annotations.NullMarked;
