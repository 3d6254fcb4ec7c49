/** The seam: what a provider implements and what the host gives it. */
@NullMarked
package dev.kairos.api;

import org.jspecify.annotations.NullMarked;
