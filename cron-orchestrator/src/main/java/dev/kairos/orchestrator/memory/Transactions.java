package dev.kairos.orchestrator.memory;

import dev.kairos.api.store.StoreException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/** Lets one transaction at a time at the state, and undoes what a failed one did. */
final class Transactions {
    private final ReentrantLock lock = new ReentrantLock();
    private final MemoryState state;
    private boolean closed;

    Transactions(MemoryState state) {
        this.state = state;
    }

    <T> T run(Function<MemoryState, T> body) {
        if (lock.isHeldByCurrentThread()) {
            throw new IllegalStateException("a decision must not call the store that asks for it");
        }
        lock.lock();
        boolean done = false;
        try {
            if (closed) {
                throw new StoreException(StoreException.Kind.UNUSABLE, "The store was closed: open it anew.", null);
            }
            T result = body.apply(state);
            done = true;
            return result;
        } finally {
            if (done) {
                state.commit();
            } else {
                state.rollBack();
            }
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
    }
}
