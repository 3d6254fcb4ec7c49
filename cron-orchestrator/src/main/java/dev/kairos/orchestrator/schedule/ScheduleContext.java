package dev.kairos.orchestrator.schedule;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a schedule's text is read against: the present instant and the zone. Immutable.
 *
 * <p>Status: experimental since 0.1.
 */
public final class ScheduleContext {
    private final Instant now;
    private final ZoneId zone;
    private final @Nullable ZoneId jobZone;

    private ScheduleContext(Instant now, ZoneId zone, @Nullable ZoneId jobZone) {
        this.now = Objects.requireNonNull(now, "now");
        this.zone = Objects.requireNonNull(zone, "zone");
        this.jobZone = jobZone;
    }

    /**
     * A context without a zone of the job's own.
     *
     * @param now the present: delays count from it, past timestamps are judged by it
     * @param zone the zone of a text that names none, see {@link ScheduleZones#resolve}
     */
    public static ScheduleContext of(Instant now, ZoneId zone) {
        return new ScheduleContext(now, zone, null);
    }

    /**
     * The same context for a job whose {@code timezone} field is set: it stands before the default zone, and a zone
     * prefix in the text must agree with it.
     *
     * @param zone the job's {@code timezone}
     */
    public ScheduleContext withJobZone(ZoneId zone) {
        return new ScheduleContext(now, this.zone, Objects.requireNonNull(zone, "zone"));
    }

    /** The present. */
    public Instant now() {
        return now;
    }

    /** The zone of a text that names none: the job's own, else the default. */
    public ZoneId zone() {
        return jobZone == null ? zone : jobZone;
    }

    /** The job's own zone, which a zone prefix must not contradict. */
    public Optional<ZoneId> jobZone() {
        return Optional.ofNullable(jobZone);
    }
}
