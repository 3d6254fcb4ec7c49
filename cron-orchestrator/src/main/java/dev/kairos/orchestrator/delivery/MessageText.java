package dev.kairos.orchestrator.delivery;

import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.job.WorkKind;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.schedule.Schedule;
import dev.kairos.orchestrator.plan.CompletionPlanner;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/** What people read: the wrapped result, or the failure message. Not yet redacted. Status: internal. */
final class MessageText {
    private static final int LONGEST_TASK = 120;
    private static final int NUDGE_AT = 3;
    private static final String RULE = "--------";
    private static final DateTimeFormatter WHEN = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss xxx", Locale.ROOT);

    private MessageText() {}

    /**
     * A result as it is delivered.
     *
     * @param message the message of the run
     * @param wrap whether it gets a header and a footer; otherwise it is the message alone
     */
    public static String wrap(Job job, Execution execution, String message, boolean wrap) {
        if (!wrap) {
            return message;
        }
        return "Scheduled job: " + oneLine(job.displayName()) + "\n" + "Task: " + task(job.definition())
                + late(execution) + recovered(execution) + "\n" + RULE + "\n\n" + message.strip() + "\n\n" + RULE + "\n"
                + footer(job.definition());
    }

    private static String late(Execution execution) {
        return execution
                .missed()
                .map(missed -> "\nIt stands for " + missed.count() + " missed "
                        + (missed.count() == 1 ? "occurrence." : "occurrences."))
                .orElse("");
    }

    /** The note on the first good run after the job could not run. */
    private static String recovered(Execution execution) {
        return execution
                .reason()
                .map(reason -> reason.indexOf(CompletionPlanner.RECOVERED))
                .filter(at -> at >= 0)
                .map(at ->
                        "\nIt works again: " + execution.reason().orElseThrow().substring(at))
                .orElse("");
    }

    private static String footer(JobDefinition definition) {
        return definition.workKind() == WorkKind.AGENT
                ? "This was written by a scheduled job. Its agent cannot see replies."
                : "This was sent by a scheduled job. Nobody reads replies.";
    }

    /** What the job does, in one short line. */
    static String task(JobDefinition definition) {
        String text = switch (definition.workKind()) {
            case HANDLER -> "handler " + definition.get(JobField.HANDLER, "");
            case SCRIPT -> "script " + definition.get(JobField.SCRIPT, "");
            case AGENT ->
                definition
                        .get(JobField.PROMPT)
                        .or(() -> definition.get(JobField.SKILLS).map(skills -> "skills " + String.join(", ", skills)))
                        .orElse("");
        };
        return shortened(oneLine(text));
    }

    /**
     * The message about a run that did not succeed.
     *
     * @param execution its last attempt
     * @param error what went wrong
     * @param streak failed runs in a row, this one included
     */
    public static String alert(Job job, Execution execution, String error, int streak) {
        String text =
                "Scheduled job " + outcome(execution.status()) + ": " + oneLine(job.displayName()) + " (" + job.id()
                        + ")\n" + "Due: " + when(job, execution)
                        + (execution.attempt() > 1 ? ", attempt " + execution.attempt() : "")
                        + "\n\n" + error.strip();
        return text + nudge(job, streak).map(advice -> "\n\n" + advice).orElse("");
    }

    private static String outcome(ExecutionStatus status) {
        return switch (status) {
            case TIMED_OUT -> "took too long and was ended";
            case BLOCKED_CONFIG -> "cannot run";
            case UNKNOWN -> "was lost while it ran";
            case CANCELLED -> "was cancelled";
            case OK -> "succeeded";
            default -> "failed";
        };
    }

    private static String when(Job job, Execution execution) {
        ZoneId zone =
                job.definition().get(JobField.SCHEDULE).map(Schedule::zone).orElse(ZoneOffset.UTC);
        return WHEN.format(execution.scheduledAt().atZone(zone));
    }

    private static Optional<String> nudge(Job job, int streak) {
        boolean recurring = job.definition()
                .get(JobField.SCHEDULE)
                .filter(schedule -> schedule.kind() != Schedule.Kind.ONCE)
                .isPresent();
        if (streak < NUDGE_AT || !recurring) {
            return Optional.empty();
        }
        return Optional.of("It has failed " + streak + " times in a row. Mend it (kairos edit " + job.id()
                + "), pause it" + " (kairos pause " + job.id() + ") or remove it (kairos remove " + job.id() + ").");
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\s+", " ").strip();
    }

    private static String shortened(String text) {
        return text.codePointCount(0, text.length()) <= LONGEST_TASK
                ? text
                : text.substring(0, text.offsetByCodePoints(0, LONGEST_TASK)) + "...";
    }
}
