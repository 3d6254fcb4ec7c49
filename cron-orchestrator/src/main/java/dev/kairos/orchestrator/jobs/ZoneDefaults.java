package dev.kairos.orchestrator.jobs;

import dev.kairos.api.env.Environment;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobField;
import dev.kairos.api.schedule.Schedule;
import dev.kairos.api.store.JobStore;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Remembers which zones jobs got that named none. A later change of the setting moves no job (behaviour.md §1); doctor asks
 * here which jobs it would have moved. A job that names such a zone of its own accord is among them: the store cannot tell.
 *
 * <p>Status: internal.
 */
public final class ZoneDefaults {
    private static final String PREFIX = "zone-default:";

    private final JobStore store;

    /** The defaults of a store. */
    public ZoneDefaults(JobStore store) {
        this.store = store;
    }

    /** Notes the zone that jobs without one get from now on. */
    public void remember(ZoneId present, Environment environment) {
        String name = PREFIX + present.getId();
        if (store.ledger().facts(name).get(name) == null) {
            store.ledger()
                    .keepFact(
                            name,
                            Optional.empty(),
                            Optional.of(environment.now().toString()));
        }
    }

    /** The jobs whose clock times are in a zone that was the default before, and is not any more. */
    public List<Job> left(ZoneId present) {
        Set<String> former = store.ledger().facts(PREFIX).keySet().stream()
                .map(name -> name.substring(PREFIX.length()))
                .filter(zone -> !zone.equals(present.getId()))
                .collect(Collectors.toSet());
        return former.isEmpty()
                ? List.of()
                : store.jobs().list().stream()
                        .filter(job -> job.definition()
                                .get(JobField.SCHEDULE)
                                .filter(schedule -> schedule.kind() == Schedule.Kind.CRON)
                                .filter(schedule ->
                                        former.contains(schedule.zone().getId()))
                                .isPresent())
                        .toList();
    }
}
