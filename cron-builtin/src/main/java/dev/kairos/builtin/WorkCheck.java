package dev.kairos.builtin;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.run.JobRunner;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks a runner about jobs of its kind before they are stored. What is wrong with the runner itself refuses nothing. */
record WorkCheck(JobRunner runner) implements Function<JobDefinition, List<String>> {
    private static final Logger LOG = LoggerFactory.getLogger("cron.runtime");

    @Override
    public List<String> apply(JobDefinition definition) {
        if (!definition.workKind().word().equals(runner.kind())) {
            return List.of();
        }
        try {
            return runner.check(definition);
        } catch (InvalidInputException refused) {
            throw refused;
        } catch (RuntimeException | LinkageError trouble) {
            LOG.error("cron.runner-unusable kind={} it could not look at a job", runner.kind(), trouble);
            return List.of();
        }
    }
}
