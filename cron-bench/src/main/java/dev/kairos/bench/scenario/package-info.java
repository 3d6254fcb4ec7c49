/** Whole schedulers side by side, on real databases. */
@NullMarked
package dev.kairos.bench.scenario;

import org.jspecify.annotations.NullMarked;
