package dev.kairos.runner.agent;

/** A way to a model: takes one session from its first word to its last. */
interface AgentBackend {
    /**
     * Carries the session out. On the run's own thread, which an interrupt ends; whatever it started has ended when it
     * returns or throws.
     *
     * @return what the model said in the end
     * @throws BackendFailure if there is no answer
     * @throws Blocked if a budget is used up, or the configuration must be mended
     */
    String answer(AgentSession session) throws BackendFailure, Blocked, InterruptedException;
}
