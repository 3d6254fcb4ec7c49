/** What the host tells listeners. */
@NullMarked
package dev.kairos.api.event;

import org.jspecify.annotations.NullMarked;
