package dev.kairos.builtin.plugin;

import java.util.Objects;

/**
 * Somebody else has the name of an offer. It ends when that one goes.
 *
 * @param isAmbiguous whether none of the holders is preferred
 */
record NameClash(Trouble trouble, boolean isAmbiguous) {
    NameClash {
        Objects.requireNonNull(trouble);
    }
}
