package dev.kairos.api.delivery;

import java.util.Locale;

/** Where an envelope stands. Status: experimental since 0.1. */
public enum EnvelopeState {
    /** It waits for its first attempt. */
    PENDING(true),
    /** A node has the right to send it and has not begun. */
    CLAIMED(true),
    /** The request may be on the wire. */
    SENDING(true),
    /** An attempt failed; it waits for the next. */
    RETRY(true),
    /** The target confirmed it. */
    DELIVERED(false),
    /** It was given up. */
    FAILED(false),
    /** Nobody knows whether it arrived. */
    UNKNOWN(false),
    /** Its job was removed. */
    CANCELLED(false);

    private final boolean open;

    EnvelopeState(boolean open) {
        this.open = open;
    }

    /** Whether it may still change. */
    public boolean isOpen() {
        return open;
    }

    /** Whether a node has it in its hands: claimed or sending. */
    public boolean isInHand() {
        return this == CLAIMED || this == SENDING;
    }

    /** Whether any node may claim it when it is due. */
    public boolean isWaiting() {
        return this == PENDING || this == RETRY;
    }

    /** The word on the command line and in the store. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
