package dev.kairos.provider.chronos;

import dev.kairos.api.CronContext;
import dev.kairos.api.DesiredTrigger;
import dev.kairos.api.env.Environment;
import dev.kairos.provider.chronos.PortalException.Kind;
import dev.kairos.provider.chronos.Registrations.Shot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One comparison of what should be armed with what is, and the calls that make up the difference. One at a time. */
final class Convergence {
    /** After so many failures in a row the portal is away, and the rest need not be tried. */
    private static final int PATIENCE = 3;

    private final CronContext host;
    private final Environment environment;
    private final Portals portals;
    private final Registrations registrations;

    Convergence(CronContext host, Portals portals, Registrations registrations) {
        this.host = host;
        this.environment = host.environment();
        this.portals = portals;
        this.registrations = registrations;
    }

    /**
     * Arms what is missing, the soonest first, re-arms what moved, cancels what nobody wants.
     *
     * @param isListed whether the portal is asked first what it has; it always is the first time
     * @return what could not be done
     * @throws PortalException if the list could not be read
     */
    Unregistered run(boolean isListed) throws PortalException, InterruptedException {
        return portals.talk(portal -> {
            if (isListed || !registrations.isKnown()) {
                registrations.learn(portal.list());
            }
            // Only after the list: what another process creates meanwhile is no orphan.
            List<DesiredTrigger> desired = host.desiredTriggers().stream()
                    .sorted(Comparator.comparing(DesiredTrigger::dueAt))
                    .toList();
            return apply(portal, steps(desired));
        });
    }

    /**
     * Cancels whatever the portal has.
     *
     * @return what is left there
     */
    Unregistered takeBack() throws PortalException, InterruptedException {
        return portals.talk(portal -> {
            registrations.learn(portal.list());
            return apply(portal, steps(List.of()));
        });
    }

    /** What the portal has, as far as its instants can be read. */
    Map<String, Instant> armed() throws PortalException, InterruptedException {
        return portals.talk(portal -> {
            Map<String, Instant> armed = new LinkedHashMap<>();
            portal.list().forEach((jobId, at) -> at.ifPresent(instant -> armed.put(jobId, instant)));
            return armed;
        });
    }

    /** One call to make. */
    private record Step(String jobId, Optional<Shot> shot) {
        void take(Portal portal) throws PortalException, InterruptedException {
            if (shot.isPresent()) {
                portal.provision(jobId, shot.get().fireAt(), shot.get().dedupKey());
            } else {
                portal.cancel(jobId);
            }
        }
    }

    private List<Step> steps(List<DesiredTrigger> desired) {
        Instant now = environment.now();
        Set<String> wanted = new LinkedHashSet<>();
        List<Step> steps = new ArrayList<>();
        for (DesiredTrigger trigger : desired) {
            wanted.add(trigger.jobId());
            registrations
                    .missing(trigger.jobId(), trigger.dueAt(), now)
                    .ifPresent(shot -> steps.add(new Step(shot.jobId(), Optional.of(shot))));
        }
        registrations.orphans(wanted).forEach(jobId -> steps.add(new Step(jobId, Optional.empty())));
        return steps;
    }

    private Unregistered apply(Portal portal, List<Step> steps) throws PortalException, InterruptedException {
        Unregistered left = new Unregistered();
        int failuresInARow = 0;
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            try {
                if (Thread.currentThread().isInterrupted()) {
                    throw new InterruptedException();
                }
                step.take(portal);
                step.shot().ifPresentOrElse(registrations::armed, () -> registrations.cancelled(step.jobId()));
                failuresInARow = 0;
            } catch (PortalException e) {
                if (e.kind() == Kind.CLIENT_REFUSED) {
                    throw e;
                }
                left.add(step.jobId(), e);
                failuresInARow = e.kind() == Kind.UNREACHABLE ? failuresInARow + 1 : 0;
                if (failuresInARow == PATIENCE) {
                    left.addUntried(jobs(steps.subList(i + 1, steps.size())), String.valueOf(e.getMessage()));
                    return left;
                }
            } catch (InterruptedException e) {
                left.addUntried(jobs(steps.subList(i, steps.size())), "the time for it was over");
                throw new InterruptedException(left.sentence());
            }
        }
        return left;
    }

    private static List<String> jobs(List<Step> steps) {
        return steps.stream().map(Step::jobId).toList();
    }
}
