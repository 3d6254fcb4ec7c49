/** The runners of the core: scripts and Java handlers. */
@NullMarked
package dev.kairos.orchestrator.run;

import org.jspecify.annotations.NullMarked;
