package dev.kairos.testkit.sim;

import dev.kairos.api.delivery.Envelope;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.store.Amendment;
import dev.kairos.api.store.Claims;
import dev.kairos.api.store.FencedDecision;
import dev.kairos.api.store.JobDecider;
import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.Jobs;
import dev.kairos.api.store.Ledger;
import dev.kairos.api.store.Nodes;
import dev.kairos.api.store.Outbox;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A store with one deliberate fault, to see that the simulator notices. */
final class BrokenStore implements JobStore {
    enum Fault {
        /** A stale owner writes all the same. */
        NO_FENCE,
        /** A claim does not move the job past what it claimed. */
        NO_ADVANCE,
        /** An envelope is replaced without a look at what is stored. */
        BLIND_PUT,
        /** The start mark is said to be written, and is not. */
        NO_MARK,
        /** Nobody is seen to live. */
        NO_LEASES
    }

    private final JobStore sound;
    private final Fault fault;

    BrokenStore(JobStore sound, Fault fault) {
        this.sound = sound;
        this.fault = fault;
    }

    @Override
    public Jobs jobs() {
        return sound.jobs();
    }

    @Override
    public Ledger ledger() {
        return sound.ledger();
    }

    @Override
    public Claims claims() {
        return face(Claims.class, sound.claims(), (proxy, method, args) -> switch (method.getName()) {
            case "amend" -> amend(args[0]);
            case "claimDue" -> {
                args[1] = fault == Fault.NO_ADVANCE ? withoutAdvance((JobDecider) args[1]) : args[1];
                yield method.invoke(sound.claims(), args);
            }
            default -> method.invoke(sound.claims(), args);
        });
    }

    @Override
    public Outbox outbox() {
        return face(Outbox.class, sound.outbox(), (proxy, method, args) -> {
            if (fault == Fault.BLIND_PUT && method.getName().equals("put")) {
                args[0] = asStored((Envelope) args[0]);
            }
            return method.invoke(sound.outbox(), args);
        });
    }

    @Override
    public Nodes nodes() {
        return face(
                Nodes.class,
                sound.nodes(),
                (proxy, method, args) ->
                        fault == Fault.NO_LEASES && method.getName().equals("leases")
                                ? List.of()
                                : method.invoke(sound.nodes(), args));
    }

    private static <F> F face(Class<F> type, F real, InvocationHandler handler) {
        InvocationHandler unwrapping = (proxy, method, args) -> {
            try {
                return handler.invoke(proxy, method, args == null ? new Object[0] : args);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        };
        return type.cast(Proxy.newProxyInstance(real.getClass().getClassLoader(), new Class<?>[] {type}, unwrapping));
    }

    private List<Boolean> amend(Object argument) {
        List<Boolean> held = new ArrayList<>();
        for (Object one : (List<?>) argument) {
            held.add(amendOne((FencedDecision) one));
        }
        return held;
    }

    private boolean amendOne(FencedDecision decision) {
        if (fault == Fault.NO_MARK) {
            return sound.claims()
                    .amend(List.of(new FencedDecision(decision.row(), (view, row) -> {
                        Amendment amendment = decision.decider().decide(view, row);
                        return row.status() == ExecutionStatus.CLAIMED && isMark(amendment)
                                ? Amendment.none()
                                : amendment;
                    })))
                    .get(0);
        }
        boolean isHeld = sound.claims().amend(List.of(decision)).get(0);
        if (!isHeld && fault == Fault.NO_FENCE) {
            Optional<Execution> stored = sound.ledger().find(decision.row().id());
            stored.ifPresent(row -> sound.claims()
                    .decide(row.jobId(), view -> decision.decider().decide(view, row)));
            return stored.isPresent();
        }
        return isHeld;
    }

    private static boolean isMark(Amendment amendment) {
        return amendment.rows().size() == 1 && amendment.rows().get(0).status() == ExecutionStatus.RUNNING;
    }

    private JobDecider withoutAdvance(JobDecider decider) {
        return view -> {
            Amendment sane = decider.decide(view);
            if (view.job().isEmpty() || sane.engine().isEmpty()) {
                return sane;
            }
            var before = view.job().get().engine();
            Amendment.Builder broken = Amendment.builder()
                    .engine(sane.engine().get().toBuilder()
                            .next(before.nextRunAt(), before.dueAt())
                            .lastScheduledAt(before.lastScheduledAt())
                            .build());
            sane.rows().forEach(broken::row);
            return broken.build();
        };
    }

    private Envelope asStored(Envelope changed) {
        return sound.outbox().list(Optional.of(changed.jobId()), Set.of(), Integer.MAX_VALUE).stream()
                .filter(stored ->
                        stored.id().equals(changed.id()) && stored.state().isInHand())
                .findFirst()
                .map(stored -> new Envelope(
                        changed.executionId(),
                        changed.jobId(),
                        changed.target(),
                        changed.content(),
                        changed.state(),
                        Math.max(stored.attempts(), changed.attempts()),
                        changed.nextAttemptAt(),
                        changed.node(),
                        stored.fence(),
                        changed.receipts(),
                        changed.error(),
                        changed.unknownSince()))
                .orElse(changed);
    }
}
