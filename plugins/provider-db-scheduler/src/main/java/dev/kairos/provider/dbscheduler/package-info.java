/** db-scheduler decides when: one task instance per job at its next instant, in PostgreSQL. */
@NullMarked
package dev.kairos.provider.dbscheduler;

import org.jspecify.annotations.NullMarked;
