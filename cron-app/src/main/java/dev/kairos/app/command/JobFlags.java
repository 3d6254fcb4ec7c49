package dev.kairos.app.command;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.job.JobField;
import dev.kairos.orchestrator.schedule.ScheduleZones;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** The flags of all job fields, as {@code add} and {@code edit} offer them; the schedule's zone has one beside them. */
final class JobFlags {
    private static final List<JobFlag> ALL = JobFlag.all();

    private JobFlags() {}

    static void define(CommandSpec spec) {
        ALL.forEach(flag -> flag.define(spec));
        spec.addOption(Options.value("ZONE", "the zone the schedule is read in", "--tz", "--timezone"));
    }

    /** Whether any of them was typed. */
    static boolean anyIn(Arguments arguments) {
        return arguments.has("--tz")
                || ALL.stream().anyMatch(flag -> arguments.has(flag.name()) || arguments.has(flag.opposite()));
    }

    /** The schedule's own zone. */
    static Optional<ZoneId> zone(Arguments arguments) {
        return arguments.text("--tz").map(text -> ScheduleZones.parse(text, "--tz"));
    }

    /**
     * What was typed for the fields beside the schedule, read and checked one by one; an absent value clears the field.
     *
     * @throws InvalidInputException for the first value that cannot be accepted; it names the flag
     */
    static Map<JobField<?>, Optional<Object>> values(Arguments arguments) {
        Map<JobField<?>, Optional<Object>> values = new LinkedHashMap<>();
        for (JobFlag flag : ALL) {
            if (!flag.field().equals(JobField.SCHEDULE)) {
                flag.read(arguments, (field, raw) -> values.put(field, checked(flag, field, raw)));
            }
        }
        return values;
    }

    private static Optional<Object> checked(JobFlag flag, JobField<?> field, @Nullable Object raw) {
        if (raw == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(field.read(raw));
        } catch (InvalidInputException e) {
            throw new InvalidInputException(flag.name(), e.given(), e.reason(), e.accepted());
        }
    }
}
