/** Where a message goes, what it says, and what must never be in it. */
@NullMarked
package dev.kairos.orchestrator.delivery;

import org.jspecify.annotations.NullMarked;
