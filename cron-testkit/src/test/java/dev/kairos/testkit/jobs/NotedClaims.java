package dev.kairos.testkit.jobs;

import dev.kairos.api.store.ClaimRequest;
import dev.kairos.api.store.Claims;
import dev.kairos.api.store.JobStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;

/** A store that notes how many jobs each claim asks to be offered. */
final class NotedClaims {
    private final List<Integer> limits = new ArrayList<>();

    /** In the order of the claims. */
    List<Integer> limits() {
        return limits;
    }

    JobStore over(JobStore store) {
        Claims claims = proxy(Claims.class, store.claims());
        return (JobStore) Proxy.newProxyInstance(
                NotedClaims.class.getClassLoader(),
                new Class<?>[] {JobStore.class},
                (proxy, method, args) -> method.getName().equals("claims") ? claims : method.invoke(store, args));
    }

    private <T> T proxy(Class<T> type, T real) {
        return type.cast(Proxy.newProxyInstance(
                NotedClaims.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
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
