package dev.kairos.app;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** A row of the ledger as {@code kairos runs --json} tells it. */
record Row(
        String id, String job, Instant scheduledAt, int attempt, String status, String reason, Optional<Span> missed) {
    /** The occurrences a row speaks for beside its own. */
    record Span(Instant from, Instant to, long count) {
        boolean holds(Instant at) {
            return !at.isBefore(from) && !at.isAfter(to);
        }
    }

    static List<Row> all(Cli.Result runs) {
        return ((List<?>) Objects.requireNonNull(runs.json().get("runs")))
                .stream().map(row -> of((Map<?, ?>) row)).toList();
    }

    private static Row of(Map<?, ?> tree) {
        Optional<Span> missed = Optional.ofNullable((Map<?, ?>) tree.get("missed"))
                .map(span -> new Span(
                        Instant.parse(text(span, "from")),
                        Instant.parse(text(span, "to")),
                        ((Number) span.get("count")).longValue()));
        return new Row(
                text(tree, "id"),
                text(tree, "job"),
                Instant.parse(text(tree, "scheduled_at")),
                ((Number) tree.get("attempt")).intValue(),
                text(tree, "status"),
                tree.get("reason") == null ? "" : text(tree, "reason"),
                missed);
    }

    private static String text(Map<?, ?> tree, String key) {
        return String.valueOf(tree.get(key));
    }

    boolean is(String word) {
        return status.equals(word);
    }

    boolean isOwned() {
        return is("claimed") || is("running");
    }

    /** Whether the row accounts for the occurrence, as its own or among those it speaks for. */
    boolean names(Instant occurrence) {
        return scheduledAt.equals(occurrence)
                || missed.filter(span -> span.holds(occurrence)).isPresent();
    }
}
