package dev.kairos.api.env;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

/** Child processes. Status: experimental since 0.1. */
public interface Processes {
    /**
     * Starts a child in a process group of its own.
     *
     * @throws IOException if it cannot be started; the message names the command
     */
    ChildProcess start(ProcessSpec spec) throws IOException;

    /**
     * Starts a child that is spoken with: its standard input and output are the caller's, its standard error is captured.
     * The default has none.
     *
     * @param spec its {@code input} is not used
     * @throws IOException if it cannot be started; the message names the command
     */
    default PipedProcess converse(ProcessSpec spec) throws IOException {
        throw new IOException("cannot start " + spec.command().get(0) + ": no child can be spoken with here");
    }

    /**
     * Ends what a dead process of ours left running on this machine for the given executions: everything whose
     * environment names one of them in {@code KAIROS_EXECUTION_ID}, as far as this user may see it. TERM, the grace, then
     * KILL; returns when nothing is left, five seconds after KILL at the latest. The default finds nothing.
     *
     * @param home what the executions belong to; one whose {@code KAIROS_STATE_DIR} lies in another folder runs for the
     *     home that this one was copied from, and is left alone
     * @return how many processes were found
     */
    default int endLeftovers(Set<String> executionIds, Path home, Duration grace) {
        return 0;
    }

    /**
     * The same, and what ran for other homes of the same store is ended too: a process whose {@code KAIROS_STORE} is the
     * scope's. Any other is left alone if its state folder lies in another folder than the home; where that folder is not to be
     * found, if its {@code KAIROS_STORE} and the scope's are both known, and so differ. The default knows homes only.
     *
     * @return how many processes were found
     */
    default int endLeftovers(Set<String> executionIds, LeftoverScope scope, Duration grace) {
        return endLeftovers(executionIds, scope.home(), grace);
    }
}
