/** A provider for deployments that scale to zero: an outside portal holds the triggers and calls in over a webhook. */
@NullMarked
package dev.kairos.provider.chronos;

import org.jspecify.annotations.NullMarked;
