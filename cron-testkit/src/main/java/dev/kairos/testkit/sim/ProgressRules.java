package dev.kairos.testkit.sim;

import dev.kairos.api.job.Job;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.store.ExecutionQuery;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One node is enough: while it is well and has room, whatever becomes of the others, what is due is claimed, what nodes
 * without a lease own is recovered, and what it owns itself runs and ends.
 */
final class ProgressRules implements Step.Rule {
    /** Well, for longer than any recovery takes. */
    private static final Duration WELL = Duration.ofSeconds(120);

    /** Within this a node that is well gets to everything. */
    private static final Duration BOUND = Duration.ofSeconds(90);

    /** The longest limit of a job, and the patience with a thread that ignores it. */
    private static final Duration LONGEST = Duration.ofSeconds(90 + 40 + 20);

    private static final long CLOCK_OFF = 10_000;

    private final SimWorld world;
    private final Members members;
    private final AbilityRules abilities;
    private final Map<String, Owned> owned = new HashMap<>();
    private final Map<String, Due> due = new HashMap<>();
    private final Map<String, Long> waitsSince = new HashMap<>();
    private final Map<SimProcess, Set<String>> rowsOf = new HashMap<>();
    private final Map<SimProcess, Long> fullAt = new HashMap<>();
    private final Map<SimProcess, Integer> slots = new HashMap<>();
    private final Map<Work, Integer> threads = new HashMap<>();
    private final Map<Work, Long> workedOnAt = new HashMap<>();

    /** What the threads of a process do for one job. */
    private record Work(SimProcess process, String jobId) {}

    private record Owned(SimProcess process, String node, long since) {}

    /** When a job is due, and since when it says so: whoever resumes a one-shot may make it due long ago. */
    private record Due(Instant at, long since) {}

    ProgressRules(SimWorld world, Members members, AbilityRules abilities) {
        this.world = world;
        this.members = members;
        this.abilities = abilities;
    }

    /** A runner is called. */
    void starts(SimProcess process, Execution row) {
        threads.merge(new Work(process, row.jobId()), 1, Integer::sum);
    }

    /** A runner returned or was unwound. */
    void ends(SimProcess process, Execution row) {
        Work work = new Work(process, row.jobId());
        threads.merge(work, -1, Integer::sum);
        workedOnAt.put(work, world.time.now());
    }

    @Override
    public void check(Step step, Consumer<String> violation) {
        noteDue(step.before().job(), step.after().job());
        for (Step.RowChange change : step.rowChanges()) {
            Execution before = change.before();
            Execution after = change.after();
            String id = after == null ? (before == null ? "" : before.id()) : after.id();
            noteWaiting(id, before, after);
            Owned old = owned.remove(id);
            if (old != null) {
                noteIfFull(old.process());
                rows(old.process()).remove(id);
            }
            if (after != null && after.status().isOwned()) {
                String node = after.node().orElseThrow();
                boolean isSame =
                        old != null && old.node().equals(node) && before != null && before.status() == after.status();
                Owned now = new Owned(world.processOf(node), node, isSame ? old.since() : world.time.now());
                owned.put(id, now);
                rows(now.process()).add(id);
                noteIfFull(now.process());
            }
        }
    }

    private void noteDue(Optional<Job> before, Optional<Job> after) {
        Optional<Instant> at = after.flatMap(job -> job.engine().dueAt());
        String id = after.or(() -> before).map(Job::id).orElse("");
        Due old = due.get(id);
        if (at.isEmpty()) {
            due.remove(id);
        } else if (old == null || !old.at().equals(at.get())) {
            due.put(id, new Due(at.get(), world.time.now()));
        }
    }

    /** A node whose clock is behind writes a further attempt that is due long ago by everybody else's. */
    private void noteWaiting(String id, @Nullable Execution before, @Nullable Execution after) {
        if (after == null || !after.status().isWaiting()) {
            waitsSince.remove(id);
        } else if (before == null
                || before.status() != after.status()
                || !before.dueAt().equals(after.dueAt())) {
            waitsSince.put(id, world.time.now());
        }
    }

    private Set<String> rows(SimProcess process) {
        return rowsOf.computeIfAbsent(process, key -> new HashSet<>());
    }

    private void noteIfFull(SimProcess process) {
        if (rows(process).size() >= slots.getOrDefault(process, 1)) {
            fullAt.put(process, world.time.now());
        }
    }

    /** Looks at everything from the place of each node that is well. */
    void check(Consumer<String> violation) {
        for (SimNode node : world.nodes) {
            slots.put(node.process, node.slots());
            noteIfFull(node.process);
            if (isWell(node)) {
                checkOwned(node.process, violation);
                if (isBefore(fullAt.getOrDefault(node.process, 0L), BOUND)) {
                    checkDue(node.process, violation);
                }
            }
        }
    }

    private boolean isWell(SimNode node) {
        return node.isServing()
                && isBefore(node.process.troubledUntil, WELL)
                && (node.process.hasStoreClock || Math.abs(node.process.wallOffset) <= CLOCK_OFF);
    }

    private boolean isBefore(long instant, Duration span) {
        return world.time.now() - instant > span.toMillis();
    }

    private void checkDue(SimProcess well, Consumer<String> violation) {
        Instant overdue = world.trueNow().minus(BOUND);
        for (Job job : world.truth.jobs().list()) {
            if (!AbilityRules.canRun(well, job.definition()) || abilities.isWithheld(job.definition(), BOUND)) {
                continue; // it is for another node, or for a moment at which fewer of its kind run
            }
            Work work = new Work(well, job.id());
            if (threads.getOrDefault(work, 0) > 0 || !isBefore(workedOnAt.getOrDefault(work, 0L), BOUND)) {
                continue; // it does not start beside a thread that ignores its end
            }
            Due since = due.get(job.id());
            if (since != null && overdue.isAfter(since.at()) && isBefore(since.since(), BOUND)) {
                violation.accept(
                        well.name + " is well and has room, and job " + job.id() + " is due since " + since.at());
            }
            world.truth.ledger().list(ExecutionQuery.ofJob(job.id(), Integer.MAX_VALUE)).stream()
                    .filter(row -> row.status().isWaiting()
                            && row.dueAt().filter(overdue::isAfter).isPresent()
                            && isBefore(waitsSince.getOrDefault(row.id(), 0L), BOUND))
                    .forEach(row -> violation.accept(
                            well.name + " is well and has room, and nobody takes " + row + " due " + row.dueAt()));
        }
    }

    private void checkOwned(SimProcess well, Consumer<String> violation) {
        owned.forEach((id, row) -> {
            if (row.process() == well) {
                if (isBefore(row.since(), LONGEST)) {
                    violation.accept(well.name + " is well and does not come to an end with " + id);
                }
            } else if (isBefore(Math.max(members.lastMoved(row.node()), row.since()), BOUND)) {
                violation.accept(well.name + " is well and does not recover " + id + " of " + row.node()
                        + ", whose lease is over");
            }
        });
    }
}
