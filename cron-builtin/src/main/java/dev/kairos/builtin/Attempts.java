package dev.kairos.builtin;

import dev.kairos.api.FireResult;
import dev.kairos.api.TickReport;

/** Hears each attempt of a provider to fire, on the provider's own threads; quick, and throws nothing. */
interface Attempts {
    /** For a provider that nobody watches. */
    Attempts NONE = new Attempts() {
        @Override
        public void begins(String jobId) {}

        @Override
        public void ended(String jobId, FireResult result) {}

        @Override
        public void ticked(TickReport report) {}
    };

    /** It is about to fire the job. */
    void begins(String jobId);

    /** What came of that. */
    void ended(String jobId, FireResult result);

    /** It made a pass. */
    void ticked(TickReport report);
}
