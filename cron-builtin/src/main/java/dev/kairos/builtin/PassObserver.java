package dev.kairos.builtin;

import dev.kairos.api.TickReport;

/**
 * Hears how the passes go; the host writes the heartbeat from it. Called on the thread of the passes, quick; what it
 * throws is logged and forgotten. Status: internal.
 */
interface PassObserver {
    /** For a ticker whose host does not listen. */
    PassObserver NONE = new PassObserver() {
        @Override
        public void alive() {}

        @Override
        public boolean passed(TickReport report) {
            return true;
        }

        @Override
        public void armed() {}

        @Override
        public void failed(Throwable thrown) {}
    };

    /** The ticker lives: before its first pass, and now and then while passes take long or fail. */
    void alive();

    /**
     * A pass ended without a throwable.
     *
     * @return whether it was clean; one that could claim nothing, for want of a lease, does not tell that passes work
     */
    boolean passed(TickReport report);

    /** A provider without a ticker is armed: said once per interval, since no pass would say so. */
    void armed();

    /** A pass ended with a throwable. */
    void failed(Throwable thrown);

    /** What there is to say of the provider has changed: it need not wait for the next beat. */
    default void noted() {}
}
