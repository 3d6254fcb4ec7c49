package dev.kairos.api.run;

import dev.kairos.api.Settings;
import dev.kairos.api.env.Environment;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.store.JobStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** What a plug-in's runner works with. The host implements it; any thread may call. Status: experimental since 0.1. */
public interface RunnerHost {
    /** The runner's own subtree of the configuration, for example {@code agent}; read anew with each call. */
    Settings settings();

    /** The home folder. */
    Path home();

    /** Time, threads, processes and files. */
    Environment environment();

    /** The store, to read in; a runner writes nothing there. */
    JobStore store();

    /**
     * What an ended attempt said, byte for byte; empty if it kept nothing, or that is gone.
     *
     * @throws IOException if it is there and cannot be read
     */
    Optional<String> message(Execution row) throws IOException;

    /** Runs the request's script as the script runner does: what an agent's job runs before its agent. */
    JobRunner scripts();

    /**
     * The whole environment of a child of the attempt: a short list of the host's variables, ours, and the job's own. An
     * agent's child finds {@code KAIROS_CRON_SESSION=1} there.
     *
     * @throws dev.kairos.api.InvalidInputException if the job sets a variable that it may not
     */
    Map<String, String> childVariables(RunRequest request);

    /** Why a message to the target, one of a job's {@code deliver}, could not be sent from here; empty if it could. */
    Optional<String> targetTrouble(String target);

    /** Whether agents' runs may create and change jobs ({@code cron.allow_agent_scheduling}). */
    boolean mayAgentsSchedule();
}
