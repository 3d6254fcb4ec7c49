/** Output files: what each run left behind, for people and for deliveries. */
@NullMarked
package dev.kairos.orchestrator.output;

import org.jspecify.annotations.NullMarked;
