package dev.kairos.app.command;

import dev.kairos.api.delivery.EnvelopeState;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobState;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.store.ExecutionQuery;
import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.Lease;
import dev.kairos.app.terminal.TimeText;
import dev.kairos.orchestrator.health.HeartbeatReader;
import dev.kairos.orchestrator.health.NodeHealth;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;

/** {@code kairos status}. */
final class StatusCommand extends Command {
    private static final int MOST = 10_000;

    @Override
    List<String> description() {
        return List.of("Says whether something fires on this home and how it is. Exit code 0 healthy, 1 not.");
    }

    @Override
    List<String> examples() {
        return List.of("kairos status", "kairos status --json");
    }

    @Override
    void define(CommandSpec spec) {
        // nothing beside the common options
    }

    @Override
    int run(Arguments arguments, Session session) {
        String asked = ProvidersCommand.asked(session);
        Optional<OpenHome> home = session.opened();
        List<NodeHealth> nodes = home.map(open -> nodes(open, session)).orElse(List.of());
        boolean isDiskFull = DiskSpace.isFull(session.home());
        boolean isHealthy = !nodes.isEmpty() && nodes.stream().noneMatch(StatusCommand::isTroubled) && !isDiskFull;
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("healthy", isHealthy);
        tree.put("home", session.home().toString());
        tree.put("disk_full", isDiskFull);
        tree.put("provider_asked", asked);
        tree.put("nodes", nodes.stream().map(StatusCommand::tree).toList());
        String word =
                isHealthy ? session.style().good("healthy") : session.style().bad("not healthy");
        session.say(word + "  home " + session.home() + ", cron.provider " + asked);
        if (isDiskFull) {
            session.say("  the disk is full: nothing can be recorded, so nothing fires; free some space");
        }
        if (nodes.isEmpty()) {
            session.say("  no daemon lives here: start it with \"kairos serve\"");
        }
        Instant now = session.environment().now();
        nodes.forEach(node -> session.say(line(node, asked, now)));
        home.ifPresent(open -> counts(open.store(), session, tree, now));
        session.document(tree);
        return isHealthy ? ExitCode.DONE : ExitCode.FAILED;
    }

    private static List<NodeHealth> nodes(OpenHome home, Session session) {
        HeartbeatReader heartbeats = new HeartbeatReader(session.environment(), home.folder());
        List<NodeHealth> nodes = new ArrayList<>();
        for (Lease lease : LiveNodes.of(home.store(), session.environment().nodeProbe())) {
            nodes.add(heartbeats.of(lease.node().id()));
        }
        return nodes;
    }

    /** A node without a heartbeat is unknown, not dead. */
    private static boolean isTroubled(NodeHealth node) {
        return node.condition() == NodeHealth.Condition.STALLED || node.condition() == NodeHealth.Condition.FAILING;
    }

    private static String line(NodeHealth node, String asked, Instant now) {
        String provider = node.provider().orElse("unknown");
        String instead = provider.equals(asked) || node.provider().isEmpty()
                ? ""
                : " instead of " + asked + " (the log of that node says why)";
        return "  node " + node.node() + "  " + node.condition().word() + "  provider " + provider + instead
                + node.alive()
                        .map(at -> "  alive " + TimeText.relative(at, now))
                        .orElse("")
                + (node.advice().isEmpty() ? "" : "  " + node.advice());
    }

    private static Map<String, Object> tree(NodeHealth node) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("node", node.node());
        tree.put("condition", node.condition().word());
        node.pid().ifPresent(pid -> tree.put("pid", pid));
        node.provider().ifPresent(provider -> tree.put("provider", provider));
        node.alive().ifPresent(at -> tree.put("alive", TimeText.machine(at)));
        node.lastClean().ifPresent(at -> tree.put("last_clean", TimeText.machine(at)));
        node.error().ifPresent(error -> tree.put("error", error));
        tree.put("advice", node.advice());
        return tree;
    }

    private static void counts(JobStore store, Session session, Map<String, Object> tree, Instant now) {
        List<Job> jobs = store.jobs().list();
        Optional<Job> next = jobs.stream()
                .filter(job -> job.engine().dueAt().isPresent())
                .min(Comparator.comparing(job -> job.engine().dueAt().orElse(Instant.MAX)));
        long failing =
                jobs.stream().filter(job -> job.engine().failureStreak() > 0).count();
        long paused = jobs.stream()
                .filter(job -> job.engine().state() == JobState.PAUSED)
                .count();
        int running = store.ledger()
                .list(ExecutionQuery.newest(MOST).in(Set.of(ExecutionStatus.CLAIMED, ExecutionStatus.RUNNING)))
                .size();
        int waiting = store.outbox()
                .list(Optional.empty(), EnumSet.of(EnvelopeState.PENDING, EnvelopeState.RETRY), MOST)
                .size();
        tree.put("jobs", jobs.size());
        tree.put("paused", paused);
        tree.put("failing", failing);
        tree.put("running", running);
        tree.put("deliveries_waiting", waiting);
        next.flatMap(job -> job.engine().dueAt()).ifPresent(due -> tree.put("next_due_at", TimeText.machine(due)));
        session.say("  " + jobs.size() + " jobs (" + paused + " paused, " + failing + " failing), " + running
                + " running, " + waiting + " deliveries waiting");
        next.ifPresent(job -> session.say(
                "  next: " + Echo.title(job) + " " + ListCommand.next(job.engine(), ListCommand.zone(job), now)));
    }
}
