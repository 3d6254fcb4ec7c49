/** Channels and envelopes: carrying an output to a target. */
@NullMarked
package dev.kairos.api.delivery;

import org.jspecify.annotations.NullMarked;
