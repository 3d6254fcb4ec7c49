/** Quartz decides when: one trigger per job at its next instant, in memory or clustered on PostgreSQL. */
@NullMarked
package dev.kairos.provider.quartz;

import org.jspecify.annotations.NullMarked;
