package dev.kairos.app.command;

import dev.kairos.api.delivery.Envelope;
import dev.kairos.api.delivery.EnvelopeState;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobField;
import dev.kairos.orchestrator.delivery.Targets;
import dev.kairos.orchestrator.health.NodeHealth;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What doctor looks at in the deliveries: targets whose newest message did not arrive, and targets nobody could reach. */
final class DeliveryCheckup {
    private static final String GROUP = "Deliveries";
    private static final int MOST = 10_000;

    private final OpenHome home;
    private final List<NodeHealth> nodes;
    private final Optional<Set<String>> reached;
    private final List<Finding> findings;

    DeliveryCheckup(OpenHome home, List<NodeHealth> nodes, List<Finding> findings) {
        this.home = home;
        this.nodes = nodes;
        this.reached = MissingPlatform.reached(home, nodes);
        this.findings = findings;
    }

    void look(List<Job> jobs) {
        home.runtime()
                .strayPlatforms()
                .forEach(stray -> findings.add(new Finding(
                        "Targets", stray, "correct the name, or add the plug-in that brings it: kairos targets")));
        Map<String, List<Envelope>> lost = newestLost();
        for (Job job : jobs) {
            List<Envelope> ofJob = lost.getOrDefault(job.id(), List.of());
            ofJob.forEach(envelope -> lost(job, envelope));
            if (ofJob.isEmpty()) {
                lastRun(job);
            }
            targets(job);
        }
    }

    /** By job, the newest ended envelope of each target where that did not arrive: a later success makes up for it. */
    private Map<String, List<Envelope>> newestLost() {
        Map<String, Envelope> newest = new LinkedHashMap<>();
        Set<EnvelopeState> ended = Set.of(EnvelopeState.DELIVERED, EnvelopeState.FAILED, EnvelopeState.UNKNOWN);
        for (Envelope envelope : home.store().outbox().list(Optional.empty(), ended, Integer.MAX_VALUE)) {
            newest.put(envelope.jobId() + " " + envelope.target(), envelope);
        }
        Map<String, List<Envelope>> lost = new LinkedHashMap<>();
        newest.values().stream()
                .filter(envelope -> envelope.state() != EnvelopeState.DELIVERED)
                .limit(MOST)
                .forEach(envelope -> lost.merge(
                        envelope.jobId(),
                        List.of(envelope),
                        (some, more) ->
                                Stream.concat(some.stream(), more.stream()).toList()));
        return lost;
    }

    private void lost(Job job, Envelope envelope) {
        String why = envelope.error().map(error -> ": " + error).orElse("");
        boolean isFailed = envelope.state() == EnvelopeState.FAILED;
        add(
                job,
                isFailed
                        ? "its newest message for " + envelope.target() + " was given up" + why
                        : "nobody knows whether its newest message for " + envelope.target() + " arrived" + why,
                advice(job, envelope.executionId()));
    }

    private void lastRun(Job job) {
        job.engine()
                .lastRun()
                .deliveryStatus()
                .filter(Set.of("failed", "unknown")::contains)
                .ifPresent(word -> add(
                        job,
                        (word.equals("failed")
                                        ? "its last delivery failed"
                                        : "the fate of its last delivery is unknown")
                                + job.engine()
                                        .lastRun()
                                        .deliveryError()
                                        .map(error -> ": " + error)
                                        .orElse(""),
                        "check the target: kairos show " + job.id()));
    }

    private static String advice(Job job, String execution) {
        return "check the target: kairos show " + job.id() + "; the message: kairos output " + job.id()
                + " --execution " + execution;
    }

    private void targets(Job job) {
        Set<String> told = new HashSet<>();
        for (JobField<List<String>> field : List.of(JobField.DELIVER, JobField.FAILURE_DELIVER)) {
            for (String target : job.definition().get(field, List.of())) {
                if (told.add(target)) {
                    trouble(target)
                            .ifPresent(why -> findings.add(new Finding(
                                    "Targets",
                                    Echo.title(job) + ": nothing can be sent to " + target + ", " + why,
                                    "configure delivery." + Envelope.platformOf(target)
                                            + ", or name another target: kairos edit " + job.id() + " --"
                                            + field.key().replace('_', '-'))));
                }
            }
        }
    }

    /** It is the live nodes that send, and they may have channels that this command has not. */
    private Optional<String> trouble(String target) {
        String platform = Envelope.platformOf(target);
        boolean isOurs = Targets.isWord(platform) || home.runtime().platforms().contains(platform);
        boolean isReached = Targets.isWord(platform)
                || reached.map(platforms -> platforms.contains(platform)).orElse(true);
        if (isReached) {
            return isOurs ? home.runtime().targetTrouble(target) : Optional.empty();
        }
        return nodes.isEmpty()
                ? home.runtime().targetTrouble(target)
                : Optional.of("no live node has the platform \"" + platform + "\"");
    }

    private void add(Job job, String what, String advice) {
        findings.add(new Finding(GROUP, Echo.title(job) + ": " + what, advice));
    }
}
