/** Whether the nodes are well: the heartbeat each one writes, and what can be read from it. */
@NullMarked
package dev.kairos.orchestrator.health;

import org.jspecify.annotations.NullMarked;
