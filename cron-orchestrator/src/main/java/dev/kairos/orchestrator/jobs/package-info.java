/** Jobs as people handle them: create, edit, pause, resume, ask for a run, remove, define and look up. */
@NullMarked
package dev.kairos.orchestrator.jobs;

import org.jspecify.annotations.NullMarked;
