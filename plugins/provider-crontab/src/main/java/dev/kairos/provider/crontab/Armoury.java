package dev.kairos.provider.crontab;

import dev.kairos.api.DesiredTrigger;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Where one home's triggers are armed outside. Its caller sees to it that nobody else arms the same home meanwhile. */
interface Armoury {
    /**
     * Makes what is armed what should be; writes only what differs.
     *
     * @param desired asked anew whenever it is tried again
     * @throws Refusal where nothing can be armed, with what to do
     */
    Plan converge(Supplier<List<DesiredTrigger>> desired) throws IOException;

    /**
     * What stands armed now: desired jobs with their instants where they are armed for these, others with the instant that
     * they are armed for, as far as it can be told.
     */
    Map<String, Instant> armed(List<DesiredTrigger> desired) throws IOException;

    /** Which of these jobs cannot be armed, each with its reason; looks at nothing outside. */
    Map<String, String> refused(List<DesiredTrigger> desired);

    /** Takes back everything that is armed for this home. */
    void clear() throws IOException;
}
