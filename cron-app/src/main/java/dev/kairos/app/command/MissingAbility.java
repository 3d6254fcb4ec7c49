package dev.kairos.app.command;

import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.WorkKind;
import dev.kairos.api.store.Abilities;
import dev.kairos.orchestrator.health.NodeHealth;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** What a job needs that nobody has, as far as the home knows. */
final class MissingAbility {
    private static final String HANDLER = "handler:";

    private MissingAbility() {}

    /**
     * The ability that no live daemon has nor, while none lives, this command's like. A daemon that says nothing of itself may
     * have any.
     *
     * @param ours what a daemon of this version could run here; asked only where it matters, for it loads plug-ins
     */
    static Optional<String> of(JobDefinition definition, Supplier<Abilities> ours, List<NodeHealth> daemons) {
        String needed = Abilities.neededBy(definition);
        if (daemons.isEmpty() && needed.equals(WorkKind.SCRIPT.word())) {
            return Optional.empty(); // every daemon runs scripts
        }
        if (daemons.stream().anyMatch(node -> node.notes().abilities().isEmpty())) {
            return Optional.empty();
        }
        Set<String> able = new HashSet<>();
        daemons.forEach(node -> able.addAll(node.notes().abilities()));
        if (daemons.isEmpty()) {
            able.addAll(ours.get().names());
        }
        return new Abilities(able).include(definition) ? Optional.empty() : Optional.of(needed);
    }

    /** What to do about it. */
    static String advice(String needed, String jobId) {
        int need = needed.indexOf(" " + Abilities.NEEDS);
        if (need >= 0) {
            String word = needed.substring(need + 1 + Abilities.NEEDS.length());
            return "start a daemon that has it (cron.node_tags: [" + word + "]), or take the tag away: kairos edit "
                    + jobId + " --tags ...";
        }
        return needed.startsWith(HANDLER)
                ? "start the application that registers the handler, or correct the name: kairos edit " + jobId
                        + " --handler NAME"
                : needed.equals("agent")
                        ? "configure a model under agent.models in config.yaml (docs/agents.md), or start a daemon that has"
                                + " one"
                        : "no runner for it is installed: start a daemon that has one, or give the job a script: kairos edit "
                                + jobId + " --script FILE --no-agent";
    }
}
