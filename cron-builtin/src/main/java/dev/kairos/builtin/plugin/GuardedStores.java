package dev.kairos.builtin.plugin;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.env.Environment;
import dev.kairos.api.store.Claims;
import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.JobStoreFactory;
import dev.kairos.api.store.Jobs;
import dev.kairos.api.store.Ledger;
import dev.kairos.api.store.Nodes;
import dev.kairos.api.store.Outbox;
import dev.kairos.api.store.StoreException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A plug-in's stores. An error or a checked exception out of one becomes a {@link StoreException}; a runtime exception
 * comes through, since it may be that of the host's own function. Their calls stay on the caller's thread, without a bound:
 * the host's own functions run inside them, and a write must not be given up while it may still be done. A node whose
 * store does not answer loses its lease and starts nothing.
 */
final class GuardedStores implements JobStoreFactory {
    private static final Set<Class<?>> FACES =
            Set.of(JobStore.class, Jobs.class, Claims.class, Ledger.class, Outbox.class, Nodes.class);

    private final JobStoreFactory factory;
    private final Gate gate;

    GuardedStores(JobStoreFactory factory, Gate gate) {
        this.factory = factory;
        this.gate = gate;
    }

    @Override
    public boolean accepts(String url) {
        return gate.bounded("accepts", () -> factory.accepts(url));
    }

    @Override
    public JobStore open(String url, Path home, Environment environment) {
        return opened("open", () -> factory.open(url, home, environment));
    }

    @Override
    public JobStore openUnchanged(String url, Path home, Environment environment) {
        return opened("openUnchanged", () -> factory.openUnchanged(url, home, environment));
    }

    @Override
    public JobStore openAsItIs(String url, Path home, Environment environment) {
        return opened("openAsItIs", () -> factory.openAsItIs(url, home, environment));
    }

    @Override
    public JobStore openWith(Map<String, String> facts, String url, Path home, Environment environment) {
        return opened("openWith", () -> factory.openWith(facts, url, home, environment));
    }

    private JobStore opened(String method, Callable<JobStore> opening) {
        try {
            return (JobStore) guarded(JobStore.class, gate.here(opening));
        } catch (InvalidInputException | StoreException e) {
            throw e;
        } catch (Throwable e) {
            throw failed(method, e);
        }
    }

    private StoreException failed(String method, Throwable thrown) {
        return new StoreException(
                StoreException.Kind.UNUSABLE,
                "the store of plug-in " + gate.id() + " failed: its " + method + " " + Guard.words(thrown)
                        + ": ask its author, or set store.url to another store",
                thrown);
    }

    private Object guarded(Class<?> face, @Nullable Object store) {
        if (store == null) {
            throw new IllegalStateException("it returned null");
        }
        return Proxy.newProxyInstance(
                GuardedStores.class.getClassLoader(),
                new Class<?>[] {face},
                (proxy, method, arguments) -> invoke(proxy, store, method, arguments));
    }

    private @Nullable Object invoke(Object proxy, Object store, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        if (method.getDeclaringClass() == Object.class) {
            return ofObject(proxy, store, method, arguments);
        }
        try {
            @Nullable
            Object answer = gate.here(() -> new Returned(method.invoke(store, arguments)))
                    .value();
            if (FACES.contains(method.getReturnType())) {
                return guarded(method.getReturnType(), answer);
            }
            return answer instanceof Optional<?> optional && optional.orElse(null) instanceof JobStore inner
                    ? Optional.of(guarded(JobStore.class, inner))
                    : answer;
        } catch (InvocationTargetException e) {
            throw allowed(method.getName(), e.getCause() == null ? e : e.getCause());
        }
    }

    /** What a store may throw, as it is; the host's own functions throw through it too. */
    private Throwable allowed(String method, Throwable thrown) {
        return thrown instanceof RuntimeException ? thrown : failed(method, thrown);
    }

    private static Object ofObject(Object proxy, Object store, Method method, @Nullable Object @Nullable [] arguments) {
        return switch (method.getName()) {
            case "equals" -> arguments != null && arguments.length == 1 && arguments[0] == proxy;
            case "hashCode" -> System.identityHashCode(proxy);
            default -> store.toString();
        };
    }

    /** A value that may be null, as a guarded call's must not. */
    private record Returned(@Nullable Object value) {}
}
