/** The ledger's row: one execution, how it stands and how it ended. */
@NullMarked
package dev.kairos.api.ledger;

import org.jspecify.annotations.NullMarked;
