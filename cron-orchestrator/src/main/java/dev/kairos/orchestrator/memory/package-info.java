/** The store that keeps everything in memory. */
@NullMarked
package dev.kairos.orchestrator.memory;

import org.jspecify.annotations.NullMarked;
