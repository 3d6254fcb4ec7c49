package dev.kairos.app.command;

import dev.kairos.api.job.Job;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.Missed;
import dev.kairos.api.ledger.Usage;
import dev.kairos.app.terminal.Table;
import dev.kairos.app.terminal.TimeText;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Executions as rows for people. */
final class RunsTable {
    private RunsTable() {}

    static Table of(List<Execution> rows, Map<String, Job> jobs, Session session) {
        Instant now = session.now();
        Table table = new Table()
                .shrinking("SCHEDULED", 20)
                .shrinking("JOB", 8)
                .column("STATUS", session.style()::word)
                .column("TOOK", UnaryOperator.identity())
                .column("EXECUTION", UnaryOperator.identity())
                .shrinking("NOTE", 12);
        for (Execution row : rows) {
            @Nullable Job job = jobs.get(row.jobId());
            ZoneId zone = job == null ? ZoneOffset.UTC : ListCommand.zone(job);
            table.row(
                    TimeText.both(row.scheduledAt(), zone, now),
                    job == null ? row.jobId() : job.displayName(),
                    row.status().word(),
                    row.took().map(TimeText::took).orElse("-"),
                    row.id(),
                    note(row, zone));
        }
        return table;
    }

    /** Attempt, reason, what it stands for, failure: whatever there is. */
    static String note(Execution row, ZoneId zone) {
        StringBuilder note = new StringBuilder();
        if (row.attempt() > 1) {
            note.append("attempt ").append(row.attempt()).append("; ");
        }
        append(note, row.reason());
        row.missed().ifPresent(missed -> note.append(stretch(missed, zone)).append("; "));
        boolean isSaidInReason = row.error().isPresent()
                && row.reason().filter(why -> row.error().get().endsWith(why)).isPresent();
        if (isSaidInReason) {
            note.setLength(note.length() - row.reason().orElse("").length() - 2);
        }
        append(note, row.error());
        append(note, row.usage().map(RunsTable::used));
        int end = note.length() - 2;
        return end < 0 ? "" : note.substring(0, end);
    }

    private static String used(Usage usage) {
        return usage.model() + ", " + usage.turns() + (usage.turns() == 1 ? " turn, " : " turns, ") + usage.tokensIn()
                + " tokens in, " + usage.tokensOut() + " out"
                + usage.cost()
                        .map(cost -> ", about " + cost.stripTrailingZeros().toPlainString())
                        .orElse("");
    }

    private static String stretch(Missed missed, ZoneId zone) {
        String from = TimeText.local(missed.from(), zone);
        return missed.count() == 1
                ? "1 occurrence, " + from
                : missed.count() + " occurrences, " + from + " to " + TimeText.local(missed.to(), zone);
    }

    private static void append(StringBuilder note, Optional<String> part) {
        part.ifPresent(text -> note.append(text).append("; "));
    }
}
