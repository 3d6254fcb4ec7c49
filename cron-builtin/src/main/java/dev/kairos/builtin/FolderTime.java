package dev.kairos.builtin;

import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/**
 * Tells by a folder's time whether files may have come or gone in it, for whoever looks each second: a list of them costs
 * several times as much. Used by one thread.
 */
final class FolderTime {
    /** A file system may count in steps of two seconds, and within one a later change shows no other time. */
    private static final int LOOKS = 4;

    private final Source source;
    private Optional<Instant> before = Optional.empty();
    private int looksSince;

    /** Says when the folder changed last; empty where it is not there. */
    interface Source {
        Optional<Instant> changedAt() throws IOException;
    }

    FolderTime(Source source) {
        this.source = source;
    }

    /** Whether something may have changed since the last look but a few. */
    boolean mayHaveMoved() throws IOException {
        Optional<Instant> now = source.changedAt();
        looksSince = now.equals(before) ? Math.min(looksSince + 1, LOOKS) : 0;
        before = now;
        return looksSince < LOOKS;
    }

    /** What was found could not be used: the next looks find it again. */
    void lookAgain() {
        looksSince = -1;
    }
}
