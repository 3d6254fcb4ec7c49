package dev.kairos.provider.dbscheduler;

import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import dev.kairos.api.JobChanges;
import dev.kairos.api.env.Environment;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** What db-scheduler runs when one of our triggers is due: a claim, on its thread, and never the run itself. */
final class FireTask {
    private static final Duration SOON = Duration.ofSeconds(1);

    private final Environment environment;
    private final Firing firing;
    private volatile Consumer<JobChanges> told = changes -> {};

    FireTask(Environment environment, Firing firing) {
        this.environment = environment;
        this.firing = firing;
    }

    /** Who is told of jobs whose trigger is used up. */
    void tell(Consumer<JobChanges> who) {
        told = who;
    }

    CustomTask<Void> task() {
        return Tasks.custom(ArmedSet.TASK, Void.class)
                // The node that had it died, before its claim or after: it fires again, and the host says what is due.
                .onDeadExecution((dead, operations) -> operations.reschedule(dead, environment.now()))
                .onFailure((failed, operations) ->
                        operations.reschedule(failed, environment.now().plus(SOON)))
                .execute((instance, context) -> fired(instance.getId(), context.getExecution().executionTime));
    }

    private CompletionHandler<Void> fired(String jobId, Instant armedFor) {
        Optional<Instant> again = firing.fire(jobId, armedFor);
        if (again.isPresent()) {
            return (complete, operations) -> operations.reschedule(complete, again.get());
        }
        return (complete, operations) -> {
            operations.remove();
            told.accept(JobChanges.of(Set.of(jobId)));
        };
    }
}
