package dev.kairos.api.run;

/**
 * Makes the runner of a plug-in; found through {@link java.util.ServiceLoader}, and only once a job of its kind runs or is
 * checked. A plug-in implements it. Status: experimental since 0.1.
 */
public interface JobRunnerFactory {
    /** The kind of work, as {@link JobRunner#kind}. Loads nothing. */
    String kind();

    /**
     * The runner. Called once in a process, on the thread that first needs it; opens no connection. What the configuration
     * lacks is said by the run, not here.
     */
    JobRunner open(RunnerHost host);
}
