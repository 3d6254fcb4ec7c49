package dev.kairos.app.command;

import dev.kairos.api.job.Job;
import dev.kairos.api.store.Abilities;
import dev.kairos.api.store.JobStore;
import dev.kairos.app.terminal.TimeText;
import dev.kairos.orchestrator.health.NodeHealth;
import dev.kairos.orchestrator.health.NodeHealth.Condition;
import java.util.List;

/** What doctor looks at in the nodes: whether they live, fire, and can run what there is to run. */
final class NodeCheckup {
    private static final String GROUP = "Daemon";

    private final OpenHome home;
    private final JobStore store;
    private final List<NodeHealth> nodes;
    private final boolean isFiredFromOutside;
    private final Abilities ours;
    private final List<Finding> findings;

    NodeCheckup(OpenHome home, List<NodeHealth> nodes, boolean isFiredFromOutside, List<Finding> findings) {
        this.home = home;
        this.isFiredFromOutside = isFiredFromOutside;
        this.store = home.store();
        this.findings = findings;
        this.ours = home.runtime().abilities();
        this.nodes = nodes;
    }

    void look() {
        List<Job> waiting = store.jobs().list().stream()
                .filter(job ->
                        job.definition().isEnabled() && job.engine().dueAt().isPresent())
                .toList();
        if (nodes.isEmpty() && !waiting.isEmpty() && !isFiredFromOutside) {
            add(GROUP, "jobs wait and no daemon lives on this home", "start it: kairos serve");
        }
        nodes.forEach(this::condition);
        if (!waiting.isEmpty() && nodes.stream().noneMatch(NodeHealth::mayFire)) {
            nodes.forEach(this::nothingFires);
        }
        nodes.forEach(this::provider);
        nodes.forEach(this::http);
        nodes.forEach(this::stuckJobs);
        abilities(waiting);
        platforms();
    }

    private void add(String group, String what, String advice) {
        findings.add(new Finding(group, what, advice));
    }

    private void condition(NodeHealth node) {
        if (node.isTroubled()) {
            add(GROUP, "node " + node.node() + " is " + node.condition().word(), node.advice());
        } else if (node.condition() == Condition.UNKNOWN && node.alive().isPresent()) {
            add("Clock and zone", "of node " + node.node() + ": " + node.advice(), "set the clock: timedatectl status");
        }
    }

    private void nothingFires(NodeHealth node) {
        if (node.condition() == Condition.IDLE) {
            add(
                    GROUP,
                    "jobs wait and node " + node.node() + " fires nothing by itself: its provider is none",
                    "set cron.provider to builtin and restart it, or let something call: kairos tick");
        } else if (node.condition() == Condition.STOPPING) {
            add(
                    GROUP,
                    "jobs wait and node " + node.node() + " was asked to end and claims nothing more",
                    "start another: kairos serve");
        }
    }

    private void provider(NodeHealth node) {
        node.notes()
                .fallbackReason()
                .ifPresent(why -> add(
                        "Provider",
                        "node " + node.node() + " fires with the built-in ticker instead of "
                                + node.notes().asked().orElse("another provider") + ": " + why,
                        "mend it and restart the daemon, or set cron.provider to builtin"));
        node.notes()
                .coveredBecause()
                .ifPresent(why -> add(
                        "Provider",
                        "on node " + node.node() + " the built-in ticker covers for "
                                + node.provider().orElse("the provider") + ": " + why,
                        node.notes().provider().state().filter("deaf"::equals).isPresent()
                                ? "see the log of that node and of what triggers it; three fires on time, and it has"
                                        + " its trigger back"
                                : "see the log of that node; it is started again by itself"));
        ProviderLines.findings(
                "node " + node.node() + ": its provider", node.notes().provider(), findings);
    }

    private void http(NodeHealth node) {
        node.notes()
                .httpTrouble()
                .ifPresent(why -> add(
                        "HTTP server",
                        "node " + node.node() + " does not answer HTTP: " + why,
                        "it fires all the same and tries again by itself; after a change of config.yaml restart it"));
    }

    private void stuckJobs(NodeHealth node) {
        for (String id : node.notes().stuckJobs()) {
            String title = store.jobs().find(id).map(Echo::title).orElse(id);
            add(
                    "Stuck runs",
                    title + ": its thread on node " + node.node()
                            + " ignored its end and was given up; the job does not" + " start there again",
                    "mend the handler, then restart the daemon"
                            + node.pid().map(pid -> " (pid " + pid + ")").orElse(""));
        }
    }

    private void platforms() {
        for (MissingPlatform missing : MissingPlatform.of(home, nodes)) {
            add(
                    "Messages nobody can deliver",
                    missing.waiting() + " since " + TimeText.machine(missing.since()) + ", and "
                            + (nodes.isEmpty() ? "nothing here" : "no live node") + " delivers there",
                    "start the daemon or application that has its channel, or configure delivery." + missing.platform()
                            + "; removing a job cancels its messages");
        }
    }

    private void abilities(List<Job> waiting) {
        for (Job job : waiting) {
            MissingAbility.of(job.definition(), () -> ours, nodes)
                    .ifPresent(needed -> add(
                            "Work nobody can run",
                            Echo.title(job) + ": "
                                    + (nodes.isEmpty() ? "nothing here" : "no live node")
                                    + " can run it; it needs " + needed,
                            MissingAbility.advice(needed, job.id())));
        }
    }
}
