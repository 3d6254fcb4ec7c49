/** Benchmarks beside the peers. */
@NullMarked
package dev.kairos.bench;

import org.jspecify.annotations.NullMarked;
