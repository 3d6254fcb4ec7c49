package dev.kairos.builtin.plugin;

import dev.kairos.api.env.Environment;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

/** The way into one plug-in: its class loader as context loader, whatever it throws said in its name. Thread-safe. */
final class Gate {
    private final String id;
    private final ClassLoader loader;
    private final Guard guard;
    private final AtomicInteger inside = new AtomicInteger();

    Gate(String id, ClassLoader loader, Environment environment) {
        this.id = id;
        this.loader = loader;
        this.guard = new Guard(environment);
    }

    /** Who is behind it, for messages. */
    String id() {
        return id;
    }

    /** How many calls are inside, so that it is not unloaded under them. */
    int inside() {
        return inside.get();
    }

    /** Something of it is in use until {@link #leave}. */
    void enter() {
        inside.incrementAndGet();
    }

    void leave() {
        inside.decrementAndGet();
    }

    /** A call that must be short, on a thread of its own. */
    <T> Guard.Answer<T> quickly(String what, Callable<T> foreign) {
        return guard.call("plugin-" + what, loader, Guard.QUICK, () -> entered(foreign));
    }

    /**
     * The same for a caller who contains what is thrown.
     *
     * @throws IllegalStateException in the plug-in's name, for whatever it threw or because it did not return
     */
    <T> T bounded(String what, Callable<T> foreign) {
        Guard.Answer<T> answer = quickly(what, foreign);
        return answer.value()
                .orElseThrow(() -> new IllegalStateException(
                        "plug-in " + id + ": its " + what + " "
                                + answer.trouble().orElse("failed"),
                        answer.cause().orElse(null)));
    }

    /** A call on this thread, whose time somebody else bounds; what it throws comes out as it is. */
    <T> T here(Callable<T> foreign) throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            return entered(foreign);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private <T> T entered(Callable<T> foreign) throws Exception {
        enter();
        try {
            return foreign.call();
        } finally {
            leave();
        }
    }
}
