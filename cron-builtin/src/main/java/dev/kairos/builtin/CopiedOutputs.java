package dev.kairos.builtin;

import dev.kairos.api.ledger.Execution;
import dev.kairos.api.store.Amendment;
import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.KeptFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/**
 * What executions said, and the files they named, on the way from one store into another. Whatever a delivery may still need
 * goes into the copy itself; the rest too if the destination keeps outputs, or if the whole of a store is kept. Used by one
 * thread.
 *
 * <p>Status: internal.
 */
public final class CopiedOutputs {
    /** So much is written at once. */
    private static final int MOST_BYTES = 8 << 20;

    private final JobStore to;
    private final Pages pages;
    private long copied;
    private long files;
    private long lost;
    private long unwritten;

    /** What the source has, wherever it keeps it. */
    public interface Pages {
        /** Whether every page goes into the copy, whatever the destination does by itself. */
        boolean areAllTaken();

        /** The page of an execution; empty if there is none any more. */
        Optional<String> page(Execution row) throws IOException;

        /** The files that the page names and that are still there. */
        List<KeptFile> files(Execution row) throws IOException;

        /** Hears of each output for which a destination has no place of its own: to keep it elsewhere, or to count it. */
        void beside(Execution row, boolean isTaken) throws IOException;
    }

    CopiedOutputs(JobStore to, Pages pages) {
        this.to = to;
        this.pages = pages;
    }

    /**
     * Adds what an execution said to the change that writes its row.
     *
     * @param isAwaited whether a delivery may still need it
     * @return whether so much is gathered that it should be written now
     */
    boolean add(Execution row, boolean isAwaited, Amendment.Builder change) {
        if (row.output().isEmpty()) {
            return false;
        }
        try {
            boolean isTaken = isAwaited || to.keepsOutputs() || pages.areAllTaken();
            if (isTaken) {
                take(row, isAwaited, change);
            }
            if (!to.keepsOutputs()) {
                pages.beside(row, isTaken);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the output of execution " + row.id() + " cannot be copied", e);
        }
        boolean isMuch = unwritten >= MOST_BYTES;
        unwritten = isMuch ? 0 : unwritten;
        return isMuch;
    }

    private void take(Execution row, boolean isAwaited, Amendment.Builder change) throws IOException {
        Optional<String> page = pages.page(row);
        if (page.isEmpty()) {
            lost += isAwaited ? 1 : 0;
            return;
        }
        change.output(row.id(), page.get());
        copied++;
        unwritten += page.get().length();
        if (isAwaited) {
            for (KeptFile file : pages.files(row)) {
                change.file(file);
                files++;
                unwritten += file.bytes().length;
            }
        }
    }

    /** How many pages went into the copy. */
    public long copied() {
        return copied;
    }

    /** How many files went with them. */
    public long files() {
        return files;
    }

    /** How many pages a delivery waits for that are there no more. */
    public long lost() {
        return lost;
    }
}
