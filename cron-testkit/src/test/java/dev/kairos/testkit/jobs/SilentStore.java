package dev.kairos.testkit.jobs;

import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.StoreException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicBoolean;

/** A store that answers nobody, reading or writing, while a test says so. */
final class SilentStore {
    private SilentStore() {}

    static JobStore over(JobStore store, AtomicBoolean isSilent) {
        return (JobStore) Proxy.newProxyInstance(
                SilentStore.class.getClassLoader(), new Class<?>[] {JobStore.class}, (proxy, method, args) -> {
                    Object face = method.invoke(store, args);
                    return method.getReturnType().isInterface() ? face(method.getReturnType(), face, isSilent) : face;
                });
    }

    private static Object face(Class<?> type, Object real, AtomicBoolean isSilent) {
        return Proxy.newProxyInstance(
                SilentStore.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
                    if (isSilent.get()) {
                        throw new StoreException(StoreException.Kind.TRANSIENT, "no answer", null);
                    }
                    try {
                        return method.invoke(real, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
