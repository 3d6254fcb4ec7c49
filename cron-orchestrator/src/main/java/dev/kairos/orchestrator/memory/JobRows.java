package dev.kairos.orchestrator.memory;

import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.Trigger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The executions of one job, in the order of their occurrences. A row keeps its place for life, and nearly every new one is
 * the newest, so that a sorted list serves where a tree would be built anew for each job. Not thread-safe.
 */
final class JobRows {
    private static final Comparator<Execution> OLDEST_FIRST = Rows.NEWEST_FIRST.reversed();

    private static final Comparator<Execution> OLDEST_DUE_FIRST = Comparator.<Execution, Instant>comparing(
                    row -> row.dueAt().orElse(Instant.MAX))
            .thenComparing(OLDEST_FIRST);

    private final List<Execution> oldestFirst = new ArrayList<>(1);
    private final List<Execution> open = new ArrayList<>(1);

    boolean isEmpty() {
        return oldestFirst.isEmpty();
    }

    boolean hasOpen() {
        return !open.isEmpty();
    }

    int size() {
        return oldestFirst.size();
    }

    /** The row at the place, counted from the oldest. */
    Execution get(int place) {
        return oldestFirst.get(place);
    }

    /** What is open, by the instant at which it is due. */
    List<Execution> open() {
        if (open.size() > 1) {
            open.sort(OLDEST_DUE_FIRST);
        }
        return List.copyOf(open);
    }

    List<Execution> newestFirst() {
        List<Execution> rows = new ArrayList<>(oldestFirst.size());
        for (int i = oldestFirst.size() - 1; i >= 0; i--) {
            rows.add(oldestFirst.get(i));
        }
        return rows;
    }

    /** The earliest instant at which a waiting row may be taken. */
    @Nullable
    Instant waitingDueAt() {
        Instant earliest = null;
        for (Execution row : open) {
            if (row.status().isWaiting() && row.dueAt().isPresent()) {
                Instant due = row.dueAt().get();
                earliest = earliest == null || due.isBefore(earliest) ? due : earliest;
            }
        }
        return earliest;
    }

    /** Whether another row has the key that two scheduled executions cannot share. */
    boolean isKeyTaken(Execution row) {
        if (row.trigger() != Trigger.SCHEDULE) {
            return false;
        }
        for (int i = firstOf(row); i < oldestFirst.size() && isOfAttempt(oldestFirst.get(i), row); i++) {
            Execution other = oldestFirst.get(i);
            if (other.trigger() == Trigger.SCHEDULE && !other.id().equals(row.id())) {
                return true;
            }
        }
        return false;
    }

    /** The place of the first row that is of the same attempt at the same instant or later. */
    private int firstOf(Execution row) {
        int low = 0;
        int high = oldestFirst.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (isBefore(oldestFirst.get(middle), row)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static boolean isBefore(Execution one, Execution other) {
        int order = one.scheduledAt().compareTo(other.scheduledAt());
        return order < 0 || order == 0 && one.attempt() < other.attempt();
    }

    private static boolean isOfAttempt(Execution one, Execution other) {
        return one.attempt() == other.attempt() && one.scheduledAt().equals(other.scheduledAt());
    }

    void add(Execution row) {
        int place = oldestFirst.size();
        while (place > 0 && OLDEST_FIRST.compare(oldestFirst.get(place - 1), row) > 0) {
            place--;
        }
        oldestFirst.add(place, row);
        if (row.status().isOpen()) {
            open.add(row);
        }
    }

    void remove(Execution row) {
        int place = firstOf(row);
        while (!oldestFirst.get(place).id().equals(row.id())) {
            place++;
        }
        oldestFirst.remove(place);
        open.removeIf(one -> one.id().equals(row.id()));
    }
}
