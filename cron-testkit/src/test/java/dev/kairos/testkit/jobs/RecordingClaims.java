package dev.kairos.testkit.jobs;

import dev.kairos.api.store.ClaimRequest;
import dev.kairos.api.store.Claims;
import dev.kairos.api.store.JobStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A store that records how many jobs each claim asks to be offered. */
final class RecordingClaims {
    private final List<Integer> limits = new ArrayList<>();

    /** In the order of the claims. */
    List<Integer> limits() {
        return limits;
    }

    JobStore over(JobStore store) {
        Claims claims = proxy(Claims.class, store.claims(), Optional.empty());
        return proxy(JobStore.class, store, Optional.of(claims));
    }

    private <T> T proxy(Class<T> type, T real, Optional<Claims> claims) {
        return type.cast(Proxy.newProxyInstance(
                RecordingClaims.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
                    if (claims.isPresent() && method.getName().equals("claims")) {
                        return claims.get();
                    }
                    if (method.getName().equals("claimDue")) {
                        limits.add(((ClaimRequest) args[0]).limit());
                    }
                    try {
                        return method.invoke(real, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
