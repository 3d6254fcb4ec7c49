/** {@code jobs.json}: the jobs as people read, edit, compare and keep them, beside the store that is the authority. */
@NullMarked
package dev.kairos.orchestrator.mirror;

import org.jspecify.annotations.NullMarked;
