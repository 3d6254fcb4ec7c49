/** The job as a person declares it and as the store keeps it. */
@NullMarked
package dev.kairos.api.job;

import org.jspecify.annotations.NullMarked;
