package dev.kairos.orchestrator;

import dev.kairos.api.JobChanges;
import dev.kairos.api.env.Environment;
import dev.kairos.api.env.EnvironmentEnded;
import dev.kairos.api.env.Signal;
import dev.kairos.api.job.Job;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.store.Changes;
import dev.kairos.api.store.ExecutionQuery;
import dev.kairos.api.store.StoreException;
import dev.kairos.orchestrator.ActiveRun.EndReason;
import dev.kairos.orchestrator.jobs.Requests;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Three threads beside the passes. One renews the lease and does nothing else, so that no work of this node's own can cost
 * it its lease; it stops renewing when the passes or the watch do not progress. One looks at the other nodes, recovers what
 * dead ones left and notices what other processes changed. One ends runs and sends whose time is over. All outlive anything
 * that is thrown at them.
 */
final class NodeWatch {
    private static final Logger LOG = LoggerFactory.getLogger("cron.watch");
    private static final Duration POLL = Duration.ofSeconds(1);

    /** How soon a renewal that failed is tried again: others may count on the store's answering already. */
    private static final Duration AGAIN = Duration.ofSeconds(1);

    /** A watch whose duty has not ended for this long hangs: ending what dead nodes left may take some seconds. */
    private static final Duration HANGS = Duration.ofSeconds(60);

    private final OrchestratorParts parts;
    private final Environment environment;
    private final Duties duties;
    private final Host host;
    private final Housekeeping housekeeping;
    private final JobEvents jobs;
    private final Events events;
    private final Signal looks;
    private final Signal leaseEnded;
    private volatile boolean isStopping;
    private volatile Duration watchedAt;
    private final RepeatedTrouble renewals = new RepeatedTrouble();
    private final RepeatedTrouble looking = new RepeatedTrouble();
    private long cursor;
    private boolean isStalled;
    private boolean isFirstLook = true;
    private volatile Runnable endListening = () -> {};

    /** What it watches over. */
    record Duties(Membership membership, Recovery recovery, Passes passes, Runs runs, Sender sender) {}

    /** Who is told. */
    interface Host {
        void leaseLost(String node);

        void recovered(int rows);

        void moved(JobChanges changes);

        /** The store fell silent, or answers again. On the lease's thread: it must not wait. */
        void storeTurned();

        /** Comes with each look at the other nodes; it may ask the store. */
        void looks();

        /** Told of each job, once. */
        void begins(Job job);
    }

    NodeWatch(OrchestratorParts parts, Duties duties, Events events, Host host) {
        this.parts = parts;
        this.environment = parts.environment();
        this.duties = duties;
        this.host = host;
        this.events = events;
        this.jobs = new JobEvents(parts.store(), environment, events);
        this.housekeeping = new Housekeeping(parts);
        this.looks = environment.newSignal();
        this.leaseEnded = environment.newSignal();
        this.watchedAt = environment.uptime();
    }

    void start() {
        cursor = parts.store().jobs().changesSince(Long.MAX_VALUE).cursor();
        watchedAt = environment.uptime();
        endListening = parts.store().listen(looks::raise);
        environment.start("cron-lease", this::keepLease);
        environment.start("cron-watch", this::watch);
        environment.start("cron-deadlines", this::enforceDeadlines);
    }

    void stop() {
        isStopping = true;
        housekeeping.stop();
        endListening.run();
        looks.raise();
        leaseEnded.raise();
        duties.runs().look();
    }

    private void keepLease() {
        boolean isEnded = false;
        while (!isEnded && !isStopping) {
            try {
                isEnded = leaseEnded.await(renewals.isOver() ? Membership.BEAT : AGAIN);
                if (!isEnded && !isStopping && isProgressing()) {
                    String node = duties.membership().node();
                    boolean isHeld = duties.membership().renew(node);
                    renewals.over().ifPresent(times -> {
                        LOG.info("cron.lease-store works again after failures={}", times);
                        host.storeTurned();
                    });
                    if (!isHeld) {
                        host.leaseLost(node);
                    }
                }
            } catch (InterruptedException e) {
                LOG.warn("cron.lease-interrupted; it is renewed on", e);
            } catch (StoreException e) {
                boolean isNew = renewals.isOver();
                renewals.happened(String.valueOf(e.getMessage()), environment.uptime())
                        .ifPresent(reason -> LOG.warn("cron.lease-store kind={} reason={}", e.kind(), reason));
                if (isNew) {
                    host.storeTurned();
                }
            } catch (EnvironmentEnded e) {
                throw e;
            } catch (RuntimeException | Error e) {
                LOG.error("cron.lease-failed; it is renewed on", e);
            }
        }
    }

    /** Whether passes and watch come round; a node that hangs gives its work to others by not renewing. */
    private boolean isProgressing() {
        boolean wasStalled = isStalled;
        isStalled = duties.passes().isStalled()
                || environment.uptime().minus(watchedAt).compareTo(HANGS) > 0;
        if (isStalled && !wasStalled) {
            LOG.error("cron.watch a pass has not ended for long; the lease is not renewed until it does");
            events.publishWarning(
                    "cron.node-stalled", "node", duties.membership().node());
        }
        return !isStalled;
    }

    private void watch() {
        Duration nextBeat = environment.uptime().plus(Membership.BEAT);
        while (!isStopping) {
            try {
                looks.await(POLL);
            } catch (InterruptedException e) {
                LOG.warn("cron.watch-interrupted; the watch goes on", e);
            } catch (EnvironmentEnded e) {
                throw e;
            } catch (RuntimeException | Error e) {
                LOG.error("cron.watch-failed; the watch goes on", e);
            }
            contained(this::pollChanges);
            if (environment.uptime().compareTo(nextBeat) >= 0) {
                nextBeat = environment.uptime().plus(Membership.BEAT);
                contained(() -> endCancelled(run -> true)); // a wish may have come before the run was here
                contained(this::beat);
                contained(host::looks);
                contained(housekeeping::prune);
            }
        }
    }

    /** What goes wrong in one duty keeps no other from being done: others rely on this node's looking at them. */
    private void contained(Runnable duty) {
        watchedAt = environment.uptime();
        if (isStopping) {
            return;
        }
        try {
            duty.run();
        } catch (StoreException e) {
            looking.happened(String.valueOf(e.getMessage()), environment.uptime())
                    .ifPresent(reason -> LOG.warn("cron.watch-store kind={} reason={}", e.kind(), reason));
        } catch (EnvironmentEnded e) {
            throw e;
        } catch (RuntimeException | Error e) {
            LOG.error("cron.watch-failed; the watch goes on", e);
        }
    }

    private void beat() {
        boolean isAnyGone = duties.membership().observe();
        if (isAnyGone || housekeeping.isRecoveryDue()) {
            int rows = duties.recovery().recover();
            if (rows > 0) {
                host.recovered(rows);
            }
        }
        looking.over().ifPresent(times -> LOG.info("cron.watch-store works again after failures={}", times));
    }

    private void pollChanges() {
        Changes changes = parts.store().jobs().changesSince(cursor);
        if (!changes.jobIds().isEmpty()) {
            host.moved(JobChanges.of(changes.jobIds()));
            endCancelled(run -> changes.jobIds().contains(run.job().id()));
        }
        tellOfJobs(changes);
        cursor = changes.cursor(); // last: what the store did not answer is looked at again
    }

    private void tellOfJobs(Changes changes) {
        if (isFirstLook) {
            jobs.begin(changes, job -> {
                watchedAt = environment.uptime(); // among many jobs the first look takes long, and progresses
                host.begins(job);
            });
            isFirstLook = false;
        } else {
            jobs.moved(changes);
        }
    }

    /** Ends the runs of this node that somebody, in whichever process, asked to end. */
    private void endCancelled(Predicate<ActiveRun> looked) {
        Map<String, List<ActiveRun>> byNode = duties.runs().active().stream()
                .filter(looked)
                .collect(Collectors.groupingBy(run -> run.execution().node().orElseThrow()));
        byNode.forEach((node, runs) -> {
            Set<String> wished = parts.store().ledger().list(ExecutionQuery.ownedBy(node)).stream()
                    .filter(Requests::isCancelWished)
                    .map(Execution::id)
                    .collect(Collectors.toSet());
            for (ActiveRun run : runs) {
                if (wished.contains(run.execution().id())) {
                    run.end(EndReason.CANCELLED);
                    duties.runs().look();
                }
            }
        });
    }

    private void enforceDeadlines() {
        while (!isStopping) {
            try {
                Duration forRuns = duties.runs().enforce();
                Duration forSends = duties.sender().enforce();
                duties.runs().awaitChange(forRuns.compareTo(forSends) < 0 ? forRuns : forSends);
            } catch (InterruptedException e) {
                LOG.warn("cron.deadlines-interrupted; the watch goes on", e);
            } catch (EnvironmentEnded e) {
                throw e;
            } catch (RuntimeException | Error e) {
                LOG.error("cron.deadlines-failed; the watch goes on", e);
            }
        }
    }
}
