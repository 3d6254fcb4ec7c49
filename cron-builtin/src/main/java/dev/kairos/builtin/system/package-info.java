/** The machine: the only place that touches the real clock, threads, processes and chance. */
@NullMarked
package dev.kairos.builtin.system;

import org.jspecify.annotations.NullMarked;
