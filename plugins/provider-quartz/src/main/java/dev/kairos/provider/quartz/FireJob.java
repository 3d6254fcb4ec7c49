package dev.kairos.provider.quartz;

import dev.kairos.api.JobChanges;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.quartz.Job;
import org.quartz.JobExecutionContext;
import org.quartz.SchedulerException;

/** What Quartz runs when one of our triggers fires: a claim, on Quartz's thread, and never the run itself. */
final class FireJob implements Job {
    private final Firing firing;
    private final Convergence convergence;
    private final ArmedSet armed;
    private final QuartzClock clock;

    FireJob(Firing firing, Convergence convergence, ArmedSet armed, QuartzClock clock) {
        this.firing = firing;
        this.convergence = convergence;
        this.armed = armed;
        this.clock = clock;
    }

    @Override
    public void execute(JobExecutionContext fired) {
        if (fired.isRecovering()) {
            look(fired.getRecoveringTriggerKey().getName());
            return;
        }
        String jobId = fired.getTrigger().getKey().getName();
        Optional<Instant> again =
                firing.fire(jobId, clock.ofHost(fired.getScheduledFireTime().toInstant()));
        if (again.isEmpty()) {
            look(jobId);
            return;
        }
        try { // at once, and before Quartz forgets this trigger: this node may be about to end
            if (!armed.arm(Map.of(jobId, again.get())).isEmpty()) {
                look(jobId);
            }
        } catch (SchedulerException e) {
            look(jobId);
        }
    }

    private void look(String jobId) {
        convergence.changed(JobChanges.of(Set.of(jobId)));
    }
}
