/** The job store on a SQL database. */
@NullMarked
package dev.kairos.store.jdbc;

import org.jspecify.annotations.NullMarked;
