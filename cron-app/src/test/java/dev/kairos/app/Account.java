package dev.kairos.app;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Compares what the scripts of one job did with what its ledger says. The scripts' own side effects are the measure: an
 * occurrence that ran twice, or one that its schedule has passed and that neither ran nor is named, is a violation.
 */
final class Account {
    private static final Set<String> NEVER_RAN = Set.of("cancelled", "skipped");

    /** The occurrences that a schedule has passed: from the first one up to the one that comes next. */
    record Occurrences(Instant first, Instant next, Duration period) {}

    private final List<String> violations = new ArrayList<>();
    private final Map<String, Integer> explained = new TreeMap<>();
    private final List<Effect> effects;
    private final List<Row> rows;
    private int occurrences;
    private int repeats;

    private Account(List<Effect> effects, List<Row> rows) {
        this.effects = effects;
        this.rows = rows;
    }

    /** A recurring job that runs at most once per occurrence. */
    static Account atMostOnce(List<Effect> effects, List<Row> rows, Occurrences due) {
        Account account = new Account(effects, rows);
        account.agree();
        account.noDoubles();
        account.everyOne(due);
        return account;
    }

    /** A recurring job that a rule lets run again after its node died. */
    static Account rerun(List<Effect> effects, List<Row> rows, Occurrences due) {
        Account account = new Account(effects, rows);
        account.agree();
        account.repeatsAdmitted();
        account.everyOne(due);
        return account;
    }

    /** A one-shot: at least once, or a row that says why not. */
    static Account oneShot(List<Effect> effects, List<Row> rows) {
        Account account = new Account(effects, rows);
        account.agree();
        account.repeatsAdmitted();
        account.occurrences = 1;
        boolean hasRun = !effects.isEmpty();
        boolean isExplained = rows.stream().anyMatch(row -> row.is("unknown") || row.is("skipped"));
        if (!hasRun && !isExplained) {
            account.violations.add("lost: a one-shot neither ran nor is it said why, rows " + rows);
        }
        return account;
    }

    /** Every effect belongs to an attempt that may have run, once; every attempt recorded as run has its effect. */
    private void agree() {
        Map<String, Long> byExecution =
                effects.stream().collect(Collectors.groupingBy(Effect::execution, Collectors.counting()));
        Map<String, Row> known = rows.stream().collect(Collectors.toMap(Row::id, row -> row));
        for (Effect effect : effects) {
            Row row = known.get(effect.execution());
            if (row == null) {
                violations.add("unrecorded: " + effect + " has no row");
            } else if (!row.scheduledAt().equals(effect.scheduledAt()) || NEVER_RAN.contains(row.status())) {
                violations.add("wrong row: " + effect + " against " + row);
            }
        }
        byExecution.forEach((id, count) -> {
            if (count > 1) {
                violations.add("attempt twice: " + id + " left " + count + " side effects");
            }
        });
        for (Row row : rows) {
            if (row.is("ok") && !byExecution.containsKey(row.id())) {
                violations.add("claimed to have run: " + row + " left no side effect");
            }
            if (row.isOwned()) {
                violations.add("left open: " + row);
            }
        }
    }

    private void noDoubles() {
        effects.stream()
                .collect(Collectors.groupingBy(Effect::scheduledAt, Collectors.counting()))
                .forEach((at, count) -> {
                    if (count > 1) {
                        violations.add("double: " + at + " ran " + count + " times");
                    }
                });
    }

    /** A further effect of an occurrence needs an attempt whose predecessor ended without anybody knowing how. */
    private void repeatsAdmitted() {
        Map<String, Row> known = rows.stream().collect(Collectors.toMap(Row::id, row -> row));
        effects.stream().collect(Collectors.groupingBy(Effect::scheduledAt)).forEach((at, same) -> {
            repeats += same.size() - 1;
            for (Effect effect : same) {
                int attempt = known.containsKey(effect.execution())
                        ? known.get(effect.execution()).attempt()
                        : 1;
                if (attempt > 1 && !isUnknown(at, attempt - 1)) {
                    violations.add("double: " + effect + " is attempt " + attempt + " and the one before had ended");
                }
            }
        });
    }

    private boolean isUnknown(Instant at, int attempt) {
        return rows.stream()
                .filter(row -> row.scheduledAt().equals(at) && row.attempt() == attempt)
                .anyMatch(row -> row.is("unknown") || row.reason().equals("never_started"));
    }

    private void everyOne(Occurrences due) {
        Set<Instant> ran = effects.stream().map(Effect::scheduledAt).collect(Collectors.toSet());
        for (Instant at = due.first(); at.isBefore(due.next()); at = at.plus(due.period())) {
            occurrences++;
            if (!ran.remove(at)) {
                explain(at);
            }
        }
        ran.forEach(at -> violations.add("not due: " + at + " ran outside " + due));
    }

    private void explain(Instant at) {
        rows.stream()
                .filter(row -> row.names(at))
                .findFirst()
                .ifPresentOrElse(
                        row -> explained.merge(why(row, at), 1, Integer::sum),
                        () -> violations.add("unexplained gap: " + at));
    }

    private static String why(Row row, Instant at) {
        if (!row.scheduledAt().equals(at)) {
            return row.is("skipped") ? "skipped, " + row.reason() : "collapsed into a named run";
        }
        return row.reason().isEmpty() ? row.status() : row.status() + ", " + row.reason();
    }

    List<String> violations() {
        return violations;
    }

    /** The occurrences that did not run, by what the ledger says of them. */
    Map<String, Integer> explained() {
        return explained;
    }

    int occurrences() {
        return occurrences;
    }

    /** Side effects beyond the first of their occurrence. */
    int repeats() {
        return repeats;
    }
}
