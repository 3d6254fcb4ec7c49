package dev.kairos.testkit.sim;

import dev.kairos.api.delivery.Envelope;
import dev.kairos.api.job.Job;
import dev.kairos.api.store.Amendment;
import dev.kairos.api.store.Claims;
import dev.kairos.api.store.FencedDecision;
import dev.kairos.api.store.JobDecider;
import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.JobView;
import dev.kairos.api.store.Jobs;
import dev.kairos.api.store.Ledger;
import dev.kairos.api.store.Nodes;
import dev.kairos.api.store.Outbox;
import dev.kairos.api.store.StoreException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * One process's way to the shared store. Around each call the process may die, the store may fail before or after it wrote,
 * or take its time; after each write that was made the invariants are looked at.
 */
final class SimStore implements JobStore {
    private static final Set<String> WRITES = Set.of(
            "create", "claimDue", "amend", "decide", "prune", "keepFact", "put", "join", "renew", "expel", "leave");
    /** A write about jobs that it does not name. */
    static final String PRUNE = "Ledger.prune";

    private static final int MILLION = 1_000_000;

    private final SimTime time;
    private final SimProcess process;
    private final FaultSwitch faults;
    private final WriteWatch watch;
    private final Jobs jobs;
    private final Claims claims;
    private final Ledger ledger;
    private final Outbox outbox;
    private final Nodes nodes;

    /** What goes wrong at present. */
    interface FaultSwitch {
        FaultPlan now();

        /** Whether the store is silent for this process. */
        boolean isSilent(SimProcess process);

        /** What the store's own clock shows, if it has one, by which all nodes judge. */
        Optional<Instant> clock();
    }

    /** Told of each write that was made. */
    interface WriteWatch {
        void wrote(SimProcess writer, String what, Set<String> jobIds);

        void happened(SimProcess process, String what);

        /** Old rows were dropped, of whichever jobs. */
        void pruned(SimProcess writer);

        /** A face of the store answered a call about members. */
        void membersMoved(SimProcess process, String what, Object[] arguments, Object answer);
    }

    SimStore(JobStore shared, SimTime time, SimProcess process, FaultSwitch faults, WriteWatch watch) {
        this.time = time;
        this.process = process;
        this.faults = faults;
        this.watch = watch;
        this.jobs = face(Jobs.class, shared.jobs());
        this.claims = face(Claims.class, shared.claims());
        this.ledger = face(Ledger.class, shared.ledger());
        this.outbox = face(Outbox.class, shared.outbox());
        this.nodes = face(Nodes.class, shared.nodes());
    }

    private <F> F face(Class<F> type, F real) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, args) ->
                        call(type.getSimpleName(), real, method, args == null ? new Object[0] : args)));
    }

    private Object call(String face, Object real, Method method, Object[] args) throws Throwable {
        if (method.getName().equals("clock") && faults.clock().isEmpty()) {
            return Optional.empty(); // no call that could go wrong
        }
        FaultPlan plan = faults.now();
        boolean isWrite = WRITES.contains(method.getName());
        String what = face + "." + method.getName();
        before(plan, isWrite, what);
        Set<String> touched = new TreeSet<>();
        Object answer;
        try {
            answer = method.getName().equals("clock") ? faults.clock() : method.invoke(real, noting(args, touched));
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
        if (isWrite && face.equals("Nodes")) {
            watch.membersMoved(process, what, args, answer == null ? true : answer);
        } else if (what.equals(PRUNE)) {
            watch.pruned(process);
        } else if (isWrite) {
            note(answer, touched);
            if (!touched.isEmpty()) {
                watch.wrote(process, what, touched);
            }
        }
        after(plan, isWrite, what);
        return answer;
    }

    private void before(FaultPlan plan, boolean isWrite, String what) {
        time.current().checkAlive();
        if (chance(plan.yield())) {
            time.yieldNow();
        }
        if (chance(plan.slow())) {
            linger(what);
        }
        if (isWrite && chance(plan.killBefore())) {
            die(what + " before it");
        }
        if (faults.isSilent(process)) {
            time.pause(200);
            throw new StoreException(StoreException.Kind.TRANSIENT, "the store is silent", null);
        }
        if (chance(plan.failBefore())) {
            watch.happened(process, what + " fails, nothing written");
            throw new StoreException(StoreException.Kind.TRANSIENT, "busy, nothing was written", null);
        }
    }

    private void after(FaultPlan plan, boolean isWrite, String what) {
        if (isWrite && chance(plan.killAfter())) {
            die(what + " after its commit");
        }
        if (chance(plan.freeze())) {
            long millis = 500L + time.choice().nextInt(60_000);
            boolean sleepsWhole = time.choice().nextInt(4) == 0;
            watch.happened(process, (sleepsWhole ? "sleeps " : "frozen ") + millis + "ms after " + what);
            time.freeze(process, millis, sleepsWhole);
            time.yieldNow();
        }
        if (isWrite && chance(plan.failAfter())) {
            watch.happened(process, what + " fails after its commit");
            throw new StoreException(StoreException.Kind.TRANSIENT, "the connection broke", null);
        }
        if (chance(plan.slow())) {
            linger(what);
        }
        if (faults.isSilent(process)) { // meanwhile: what was done is done, and nobody hears of it
            throw new StoreException(StoreException.Kind.TRANSIENT, "the store fell silent", null);
        }
    }

    private void linger(String what) {
        boolean isLong = time.choice().nextInt(20) == 0;
        long millis = 1L + time.choice().nextInt(isLong ? 15_000 : 2_000);
        if (isLong) {
            watch.happened(process, what + " takes " + millis + "ms");
            process.troubled(time.now() + millis);
        }
        time.pause(millis);
    }

    private void die(String where) {
        watch.happened(process, "killed at " + where);
        time.kill(process);
        time.current().checkAlive();
    }

    private boolean chance(int inAMillion) {
        return inAMillion > 0 && time.choice().nextInt(MILLION) < inAMillion;
    }

    /** The arguments, with every decider noting which jobs it was asked about. */
    private static Object[] noting(Object[] args, Set<String> touched) {
        Object[] noting = args.clone();
        for (int i = 0; i < args.length; i++) {
            if (args[i] instanceof JobDecider decider) {
                noting[i] = new JobDecider() {
                    @Override
                    public Amendment decide(JobView view) {
                        touched.add(view.jobId());
                        return decider.decide(view);
                    }

                    @Override
                    public Amendment passOver(JobView view) {
                        return decider.passOver(view);
                    }
                };
            } else if (args[i] instanceof Envelope envelope) {
                touched.add(envelope.jobId());
            } else {
                note(args[i], touched);
            }
        }
        return noting;
    }

    private static void note(Object value, Set<String> touched) {
        if (value instanceof Collection<?> several) {
            for (Object one : several) {
                if (one instanceof FencedDecision decision) {
                    touched.add(decision.row().jobId());
                } else if (one instanceof Job job) {
                    touched.add(job.id());
                } else if (one instanceof Envelope envelope) {
                    touched.add(envelope.jobId());
                }
            }
        }
    }

    @Override
    public Jobs jobs() {
        return jobs;
    }

    @Override
    public Claims claims() {
        return claims;
    }

    @Override
    public Ledger ledger() {
        return ledger;
    }

    @Override
    public Outbox outbox() {
        return outbox;
    }

    @Override
    public Nodes nodes() {
        return nodes;
    }
}
