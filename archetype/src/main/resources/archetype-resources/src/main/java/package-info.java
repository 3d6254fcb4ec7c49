/** A provider for Kairos. */
@NullMarked
package ${package};

import org.jspecify.annotations.NullMarked;
