package dev.kairos.api.delivery;

import dev.kairos.api.Settings;
import dev.kairos.api.env.Environment;

/** What a channel has of its host. The host implements it; it may grow. Status: experimental since 0.1. */
public interface ChannelContext {
    /**
     * The subtree {@code delivery.<platform>}. Values are filled in when they are read: a token that is read for each send
     * may be replaced while the process runs.
     */
    Settings settings();

    /** Clocks, waits, threads. */
    Environment environment();
}
