package dev.kairos.testkit.sim;

import dev.kairos.api.FireRequest;
import dev.kairos.api.InvalidInputException;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobField;
import dev.kairos.api.job.Overlap;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.store.ExecutionQuery;
import dev.kairos.orchestrator.jobs.Caller;
import dev.kairos.orchestrator.jobs.JobEdit;
import dev.kairos.orchestrator.jobs.JobOperations;
import dev.kairos.orchestrator.jobs.JobRules;
import dev.kairos.orchestrator.jobs.ResumeMode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** What people and the world do meanwhile: edits, pauses, requests, removals, dead nodes, clocks that step. */
final class Disturbance {
    private final SimWorld world;
    private final Random random;
    private final SimProcess person;
    private final SimEnvironment desk;
    private final JobOperations operations;
    private final JobMix mix;
    private int created;

    Disturbance(SimWorld world, long seed, boolean hasTags) {
        this.world = world;
        this.random = new Random(seed);
        this.person = new SimProcess("person", 1, seed);
        this.desk = new SimEnvironment(world.time, person, SimWorld.ORIGIN, world::livenessOf);
        SimStore store = new SimStore(world.truth, world.time, person, new Calm(), world.watch);
        this.operations = new JobOperations(store, desk, JobRules.of(Caller.operator()));
        this.mix = new JobMix(random, hasTags);
    }

    /** People have a store that works. */
    private static final class Calm implements SimStore.FaultSwitch {
        @Override
        public FaultPlan now() {
            return FaultPlan.QUIET;
        }

        @Override
        public boolean isSilent(SimProcess process) {
            return false;
        }

        @Override
        public Optional<Instant> clock() {
            return Optional.empty(); // their own is right
        }
    }

    void createJob() {
        operations.create(mix.job("job-" + created++, desk.now()));
    }

    /** One thing, by chance. */
    void happen() {
        List<Job> jobs = operations.list();
        if (jobs.isEmpty()) {
            createJob();
            return;
        }
        Job job = jobs.get(random.nextInt(jobs.size()));
        try {
            if (random.nextInt(100) < 65) {
                byPerson(job);
            } else {
                byWorld(job);
            }
        } catch (InvalidInputException e) {
            world.watch.happened(person, "is refused: " + e.getMessage());
        }
    }

    private void byPerson(Job job) {
        switch (random.nextInt(10)) {
            case 0 -> edit(job, JobEdit.builder().set(JobField.SCHEDULE, mix.schedule(desk.now())));
            case 1 ->
                edit(
                        job,
                        JobEdit.builder()
                                .set(JobField.OVERLAP, Overlap.values()[random.nextInt(Overlap.values().length)]));
            case 2 -> edit(job, JobEdit.builder().set(JobField.NAME, "renamed-" + random.nextInt(1_000)));
            case 3 -> {
                said("pauses " + job.id());
                operations.pause(job.id(), Optional.of("why not"));
            }
            case 4, 5 -> {
                ResumeMode mode = ResumeMode.values()[random.nextInt(ResumeMode.values().length)];
                said("resumes " + job.id() + " " + mode);
                operations.resume(job.id(), mode);
            }
            case 6 -> {
                said("requests " + job.id());
                operations.requestRun(job.id());
            }
            case 7 -> {
                if (random.nextInt(3) == 0) {
                    said("removes " + job.id());
                    operations.remove(job.id());
                }
                createJob();
            }
            default -> cancel(job);
        }
    }

    /** Something that runs, if anything does: its owner hears of it from the store, now and then directly. */
    private void cancel(Job otherwise) {
        List<Execution> owned = world.truth
                .ledger()
                .list(ExecutionQuery.newest(Integer.MAX_VALUE)
                        .in(Set.of(ExecutionStatus.CLAIMED, ExecutionStatus.RUNNING)));
        if (owned.isEmpty()) {
            said("cancels " + otherwise.id());
            operations.cancel(otherwise.id(), Optional.empty());
            return;
        }
        Execution row = owned.get(random.nextInt(owned.size()));
        SimProcess owner = world.processOf(row.node().orElseThrow());
        Optional<SimNode> node = world.nodes.stream()
                .filter(one -> one.process == owner && one.isServing())
                .findFirst();
        if (node.isPresent() && random.nextInt(4) == 0) {
            said("ends " + row.id() + " where it runs");
            node.get().cancel(row.id());
        } else if (world.truth.jobs().find(row.jobId()).isPresent()) {
            said("cancels " + row.jobId());
            operations.cancel(row.jobId(), Optional.empty());
        }
    }

    private void edit(Job job, JobEdit.Builder edit) {
        said("edits " + job.id());
        operations.edit(job.id(), edit.build());
    }

    private void byWorld(Job job) {
        List<SimNode> serving = world.nodes.stream().filter(SimNode::isServing).toList();
        if (serving.isEmpty()) {
            return;
        }
        SimNode node = serving.get(random.nextInt(serving.size()));
        switch (random.nextInt(8)) {
            case 0 -> {
                world.watch.happened(node.process, "killed from outside");
                world.time.kill(node.process);
            }
            case 1 -> {
                world.watch.happened(node.process, "told to stop");
                Duration forRuns = Duration.ofSeconds(random.nextInt(40));
                node.process.troubled(world.time.now() + forRuns.toMillis());
                node.stop(forRuns);
            }
            case 2 -> {
                long millis = 1_000L + random.nextInt(90_000);
                world.watch.happened(node.process, "frozen " + millis + "ms");
                world.time.freeze(node.process, millis, random.nextInt(3) == 0);
            }
            case 3 -> world.silence(node.process, 1_000 + random.nextInt(40_000));
            case 4 -> stepClock(node, serving);
            case 5 -> world.silenceAll(1_000 + random.nextInt(60_000));
            default -> fire(node, job);
        }
    }

    /** Nodes on one machine have one clock. */
    private void stepClock(SimNode node, List<SimNode> serving) {
        Duration step = random.nextInt(1_000_000) < world.now().leap()
                ? leap()
                : Duration.ofMillis(random.nextInt(8_000) - 4_000L);
        for (SimNode stepping : world.isOneMachine() ? serving : List.of(node)) {
            if (stepping.process.frozenUntil > world.time.now()) {
                continue; // a machine asleep sets no clock
            }
            world.watch.happened(stepping.process, "wall clock steps " + step);
            stepping.process.stepWall(step.toMillis());
            stepping.process.troubled(world.time.now());
        }
    }

    private Duration leap() {
        return switch (random.nextInt(4)) {
            case 0 -> Duration.ofDays(1);
            case 1 -> Duration.ofHours(-1);
            case 2 -> Duration.ofSeconds(10L + random.nextInt(600));
            default -> Duration.ofSeconds(-10L - random.nextInt(600));
        };
    }

    private void fire(SimNode node, Job job) {
        Optional<Instant> due = job.engine().dueAt();
        Duration early = Duration.ofSeconds(random.nextInt(40));
        world.watch.happened(node.process, "provider will fire " + job.id() + " " + early + " early");
        long wait = due.map(at -> Duration.between(desk.now(), at.minus(early)).toMillis())
                .filter(millis -> millis > 0 && millis < 600_000)
                .orElse(0L);
        world.time.start("provider-timer", person, () -> {
            world.time.pause(wait);
            if (node.isServing()) {
                FireRequest request = FireRequest.of(job.id());
                node.fire(due.map(request::at).orElse(request));
            }
        });
    }

    private void said(String what) {
        world.watch.happened(person, what);
    }

    /** Ends the people's own strands. */
    void leave() {
        world.time.kill(person);
    }
}
