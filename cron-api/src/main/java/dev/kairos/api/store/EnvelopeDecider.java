package dev.kairos.api.store;

import dev.kairos.api.delivery.Envelope;
import java.util.List;

/**
 * The host's decision about the job of an envelope that changes, called inside a store's transaction. It is pure and
 * quick, calls no store, and may be called again if the transaction is repeated. Status: experimental since 0.1.
 */
@FunctionalInterface
public interface EnvelopeDecider {
    /**
     * What to write about the job.
     *
     * @param view the job as it is now
     * @param ofExecution all envelopes of the same execution, the changed one as it then is
     */
    Amendment decide(JobView view, List<Envelope> ofExecution);
}
