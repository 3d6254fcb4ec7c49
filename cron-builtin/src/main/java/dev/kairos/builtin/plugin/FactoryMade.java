package dev.kairos.builtin.plugin;

import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** What a plug-in's factory makes, once, when it is first needed. Thread-safe; who waits for another's turn can be interrupted. */
final class FactoryMade<T> {
    private final Callable<T> opening;
    private final ReentrantLock turn = new ReentrantLock();
    private volatile @Nullable T made;

    FactoryMade(Callable<T> opening) {
        this.opening = opening;
    }

    /**
     * The object; a factory that fails is asked again the next time.
     *
     * @throws Exception whatever the factory threw
     */
    T get() throws Exception {
        T known = made;
        if (known != null) {
            return known;
        }
        turn.lockInterruptibly();
        try {
            T meanwhile = made;
            if (meanwhile != null) {
                return meanwhile;
            }
            T opened = Objects.requireNonNull(opening.call(), "its factory's open returned null");
            made = opened;
            return opened;
        } finally {
            turn.unlock();
        }
    }
}
