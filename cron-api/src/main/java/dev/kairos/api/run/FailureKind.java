package dev.kairos.api.run;

import java.util.Locale;

/** Why an attempt failed; the kind decides about a retry. More may be added. Status: experimental since 0.1. */
public enum FailureKind {
    /** It may well work the next time. */
    TRANSIENT,
    /** It will fail the same way again. */
    TERMINAL,
    /** The configuration must be mended first. */
    CONFIG,
    /** It was refused for safety. */
    SECURITY,
    /** The backend's session has lapsed; somebody must sign in. */
    SESSION_EXPIRED,
    /** The network could not be reached before anything was done. */
    UNREACHABLE;

    /** The word in the ledger. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
