package dev.kairos.runner.agent;

import dev.kairos.api.run.RunRequest;
import dev.kairos.api.run.RunnerHost;

/**
 * One session of one run with one model.
 *
 * @param request the attempt
 * @param host the host
 * @param entry the model entry
 * @param told what the model is told
 * @param place where it works
 * @param meter what the run used so far
 * @param budgets what it may use
 * @param settings the agents' configuration
 */
record AgentSession(
        RunRequest request,
        RunnerHost host,
        ModelEntry entry,
        Assembly told,
        Workplace place,
        Meter meter,
        Budgets budgets,
        AgentSettings settings) {}
