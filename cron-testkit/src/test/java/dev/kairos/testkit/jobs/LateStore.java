package dev.kairos.testkit.jobs;

import dev.kairos.api.store.ClaimRequest;
import dev.kairos.api.store.Claims;
import dev.kairos.api.store.JobDecider;
import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.StoreException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;

/**
 * A store behind a connection that falls silent during the commit of a claim, as a server at work sees it: whoever asked is
 * told nothing, the job stays locked, and only later is the claim there.
 */
final class LateStore {
    private final JobStore sound;
    private Optional<Runnable> underWay = Optional.empty();
    private boolean isFallingSilent;

    LateStore(JobStore sound) {
        this.sound = sound;
    }

    void fallSilentAtTheNextClaim() {
        isFallingSilent = true;
    }

    /** What was under way becomes true and is seen. */
    void commit() {
        underWay.orElseThrow().run();
        underWay = Optional.empty();
    }

    JobStore store() {
        Claims claims = proxy(Claims.class, sound.claims(), this::claims);
        return proxy(
                JobStore.class,
                sound,
                (method, args) -> method.getName().equals("claims") ? Optional.of(claims) : Optional.empty());
    }

    private Optional<Object> claims(Method method, Object[] args) {
        if (method.getName().equals("nextDueAt") && underWay.isPresent()) {
            return Optional.of(Optional.empty());
        }
        if (!method.getName().equals("claimDue")) {
            return Optional.empty();
        }
        if (isFallingSilent) {
            isFallingSilent = false;
            underWay = Optional.of(() -> sound.claims().claimDue((ClaimRequest) args[0], (JobDecider) args[1]));
            throw new StoreException(StoreException.Kind.TRANSIENT, "no answer", null);
        }
        return underWay.map(locked -> List.of());
    }

    private interface Answers {
        Optional<Object> to(Method method, Object[] args);
    }

    private static <T> T proxy(Class<T> type, T real, Answers answers) {
        return type.cast(Proxy.newProxyInstance(
                LateStore.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
                    Optional<Object> other = answers.to(method, args);
                    if (other.isPresent()) {
                        return other.get();
                    }
                    try {
                        return method.invoke(real, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
