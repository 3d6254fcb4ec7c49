/** A small portal for the provider chronos: it holds triggers and wakes agents at their instants. */
@NullMarked
package dev.kairos.examples.portal;

import org.jspecify.annotations.NullMarked;
