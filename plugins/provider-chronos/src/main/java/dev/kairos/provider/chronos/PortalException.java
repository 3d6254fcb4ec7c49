package dev.kairos.provider.chronos;

import java.util.Objects;

/** The portal did not do what it was asked to. The text names its host, never an address, a token or a body. */
final class PortalException extends Exception {
    private static final long serialVersionUID = 1L;

    /** What may help. */
    enum Kind {
        /** Trying again later. */
        UNREACHABLE,
        /** Nothing, for this request. */
        REJECTED,
        /** Other credentials: it knows this client and refuses it, whatever it asks. */
        CLIENT_REFUSED
    }

    private final Kind kind;

    PortalException(Kind kind, String message) {
        super(message);
        this.kind = Objects.requireNonNull(kind);
    }

    Kind kind() {
        return kind;
    }
}
