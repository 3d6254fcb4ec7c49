/** A provider in a Maven project of its own, built against what Kairos publishes. */
@NullMarked
package dev.kairos.examples.metronome;

import org.jspecify.annotations.NullMarked;
