/**
 * What every platform shares: a {@link dev.kairos.channels.Platform} says only what differs, a {@link
 * dev.kairos.channels.HttpChannel} does the rest.
 */
@NullMarked
package dev.kairos.channels;

import org.jspecify.annotations.NullMarked;
