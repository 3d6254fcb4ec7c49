package dev.kairos.testkit.jobs;

import dev.kairos.api.store.Claims;
import dev.kairos.api.store.FencedDecision;
import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.Jobs;
import dev.kairos.api.store.Nodes;
import dev.kairos.api.store.StoreException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.function.Supplier;

/** A store that takes no decision about a row of one job, nor any other in the same transaction, and lets one node not go. */
final class RefusingStore {
    private final JobStore sound;
    private volatile boolean isBroken;
    private volatile String refused = "nobody";
    private volatile String kept = "nobody";
    private volatile Supplier<RuntimeException> failure =
            () -> new StoreException(StoreException.Kind.UNUSABLE, "index row size exceeds the maximum", null);

    RefusingStore(JobStore sound) {
        this.sound = sound;
    }

    void refuse(String jobId) {
        refused = jobId;
    }

    void throwing(Supplier<RuntimeException> other) {
        failure = other;
    }

    /** From now on this node cannot be expelled. */
    void keep(String node) {
        kept = node;
    }

    /** From now on nobody hears what changed. */
    void breakChanges() {
        isBroken = true;
    }

    JobStore store() {
        Jobs jobs = proxy(Jobs.class, sound.jobs(), (method, args) -> {
            if (isBroken && method.getName().equals("changesSince")) {
                throw new IllegalStateException("what changed cannot be read");
            }
        });
        Claims claims = proxy(Claims.class, sound.claims(), (method, args) -> {
            if (method.getName().equals("amend") && isRefused((List<?>) args[0])) {
                throw failure.get();
            }
        });
        Nodes nodes = proxy(Nodes.class, sound.nodes(), (method, args) -> {
            if (method.getName().equals("expel") && args[0].equals(kept)) {
                throw new StoreException(StoreException.Kind.TRANSIENT, "is held by another transaction", null);
            }
        });
        return (JobStore) Proxy.newProxyInstance(
                RefusingStore.class.getClassLoader(),
                new Class<?>[] {JobStore.class},
                (proxy, method, args) -> switch (method.getName()) {
                    case "claims" -> claims;
                    case "jobs" -> jobs;
                    case "nodes" -> nodes;
                    default -> method.invoke(sound, args);
                });
    }

    private boolean isRefused(List<?> decisions) {
        return decisions.stream()
                .map(FencedDecision.class::cast)
                .anyMatch(decision -> decision.row().jobId().equals(refused));
    }

    private interface Before {
        void call(Method method, Object[] args);
    }

    private static <T> T proxy(Class<T> type, T real, Before before) {
        return type.cast(Proxy.newProxyInstance(
                RefusingStore.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
                    before.call(method, args);
                    try {
                        return method.invoke(real, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
