package dev.kairos.orchestrator.jobs;

import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Objects;
import java.util.Optional;

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

    private JobRules(Caller caller, TargetCheck targets, Optional<ZoneId> zone, Optional<Path> scripts) {
        this.caller = Objects.requireNonNull(caller);
        this.targets = Objects.requireNonNull(targets);
        this.zone = zone;
        this.scripts = scripts;
    }

    /** Rules for a caller: any well-formed target, the machine's zone, script paths judged by their form alone. */
    public static JobRules of(Caller caller) {
        return new JobRules(caller, TargetCheck.ANY, Optional.empty(), Optional.empty());
    }

    /** The same rules with another judge of targets. */
    public JobRules withTargets(TargetCheck check) {
        return new JobRules(caller, check, zone, scripts);
    }

    /** The same rules with the configured {@code cron.timezone}. */
    public JobRules withZone(ZoneId configured) {
        return new JobRules(caller, targets, Optional.of(configured), scripts);
    }

    /** The same rules with the folder in which scripts lie: one that is missing there is noted. */
    public JobRules withScripts(Path folder) {
        return new JobRules(caller, targets, zone, Optional.of(folder));
    }

    /** The same rules for somebody else. */
    public JobRules withCaller(Caller other) {
        return new JobRules(other, targets, zone, scripts);
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

    Optional<Path> scripts() {
        return scripts;
    }
}
