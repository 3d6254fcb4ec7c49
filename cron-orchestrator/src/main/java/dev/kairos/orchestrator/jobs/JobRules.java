package dev.kairos.orchestrator.jobs;

import dev.kairos.api.job.JobDefinition;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * What operations on jobs are judged by: who asks, which targets exist, the zone of a schedule that names none. Immutable.
 *
 * <p>Status: experimental since 0.1.
 */
public final class JobRules {
    /** The shortest gap between two occurrences of an agent's job. */
    public static final Duration AGENTS_SHORTEST_GAP = Duration.ofMinutes(5);
    /** How many jobs an agent may have. */
    public static final int AGENTS_MOST_JOBS = 20;
    /** How far in the past a one-shot may lie when it is created. */
    public static final Duration OLDEST_ONE_SHOT = Duration.ofSeconds(120);

    private final Caller caller;
    private final TargetCheck targets;
    private final Optional<ZoneId> zone;
    private final Optional<Path> scripts;

    private final Function<JobDefinition, List<String>> work;

    private JobRules(
            Caller caller,
            TargetCheck targets,
            Optional<ZoneId> zone,
            Optional<Path> scripts,
            Function<JobDefinition, List<String>> work) {
        this.work = Objects.requireNonNull(work);
        this.caller = Objects.requireNonNull(caller);
        this.targets = Objects.requireNonNull(targets);
        this.zone = zone;
        this.scripts = scripts;
    }

    /** Rules for a caller: any well-formed target, the machine's zone, script paths judged by their form alone. */
    public static JobRules of(Caller caller) {
        return new JobRules(caller, TargetCheck.ANY, Optional.empty(), Optional.empty(), definition -> List.of());
    }

    /** The same rules with another judge of targets. */
    public JobRules withTargets(TargetCheck check) {
        return new JobRules(caller, check, zone, scripts, work);
    }

    /** The same rules with the configured {@code cron.timezone}. */
    public JobRules withZone(ZoneId configured) {
        return new JobRules(caller, targets, Optional.of(configured), scripts, work);
    }

    /** The same rules with the folder in which scripts lie: one that is missing there is noted. */
    public JobRules withScripts(Path folder) {
        return new JobRules(caller, targets, zone, Optional.of(folder), work);
    }

    /**
     * The same rules with a judge of the work itself, as a runner knows it: it answers what the job lacks here, which is
     * noted, and refuses what may not be stored by an {@link dev.kairos.api.InvalidInputException}.
     */
    public JobRules withWork(Function<JobDefinition, List<String>> check) {
        return new JobRules(caller, targets, zone, scripts, check);
    }

    /** The same rules for somebody else. */
    public JobRules withCaller(Caller other) {
        return new JobRules(other, targets, zone, scripts, work);
    }

    /** Who asks. */
    public Caller caller() {
        return caller;
    }

    TargetCheck targets() {
        return targets;
    }

    /** The configured {@code cron.timezone}. */
    public Optional<ZoneId> zone() {
        return zone;
    }

    /**
     * What the job lacks to run here, each a sentence.
     *
     * @throws dev.kairos.api.InvalidInputException if such a job may not be stored
     */
    public List<String> checkWork(JobDefinition definition) {
        return work.apply(definition);
    }

    Optional<Path> scripts() {
        return scripts;
    }
}
