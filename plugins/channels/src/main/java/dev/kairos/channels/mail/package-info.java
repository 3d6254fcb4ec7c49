/** Delivery by electronic mail. */
@NullMarked
package dev.kairos.channels.mail;

import org.jspecify.annotations.NullMarked;
