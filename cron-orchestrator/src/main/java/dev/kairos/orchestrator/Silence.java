package dev.kairos.orchestrator;

import dev.kairos.api.store.StoreException;

/** Tells a store that answers nobody now from one that refuses something. Status: internal. */
public final class Silence {
    private Silence() {}

    /** Whether waiting helps, whatever was asked; any other failure may be that of one write alone. */
    public static boolean is(Throwable failure) {
        return failure instanceof StoreException store
                && (store.kind() == StoreException.Kind.TRANSIENT || store.kind() == StoreException.Kind.FULL);
    }
}
