package dev.kairos.orchestrator.output;

import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.run.RunResult;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One page: a head for people, then the message byte for byte. The last line holds the message's length and a digest, and
 * reading begins there: nothing the message contains can be taken for a delimiter.
 */
final class OutputPage {
    private static final Pattern LAST_LINE =
            Pattern.compile("\n<!-- kairos: end of message, bytes=(\\d{1,10}) sha256=([0-9a-f]{64}) -->\n\\z");
    private static final int LONGEST_LAST_LINE = 140;

    private OutputPage() {}

    static byte[] write(Job job, Execution execution, RunResult result, Instant now) {
        byte[] message = result.message().getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream page = new ByteArrayOutputStream(message.length + 2_000);
        page.writeBytes(utf8(head(job, execution, result, now)));
        page.writeBytes(utf8("\n## Message\n\n<!-- kairos: message, bytes=" + message.length + " -->\n"));
        page.writeBytes(message);
        page.writeBytes(utf8(
                "\n<!-- kairos: end of message, bytes=" + message.length + " sha256=" + digest(message) + " -->\n"));
        return page.toByteArray();
    }

    private static String head(Job job, Execution execution, RunResult result, Instant now) {
        StringBuilder head = new StringBuilder();
        head.append("# ").append(oneLine(job.displayName())).append("\n\n");
        item(head, "job", job.id());
        item(
                head,
                "execution",
                execution.id() + " (" + execution.trigger().word() + ", attempt " + execution.attempt() + ")");
        job.definition()
                .get(JobField.SCHEDULE)
                .ifPresent(schedule -> item(head, "schedule", schedule.display() + " (" + schedule.zone() + ")"));
        item(head, "scheduled at", execution.scheduledAt().toString());
        Instant ended = execution.finishedAt().orElse(now);
        execution.startedAt().ifPresent(started -> {
            item(head, "started at", started.toString());
            item(head, "ended at", ended + " (after " + seconds(Duration.between(started, ended)) + ")");
        });
        item(head, "outcome", result.status().word());
        result.silence().ifPresent(why -> item(head, "silent", why.replaceFirst("^silent: ", "")));
        work(head, job.definition());
        result.error().ifPresent(error -> section(head, "Error", error));
        return head.toString();
    }

    private static void work(StringBuilder head, JobDefinition definition) {
        definition.get(JobField.HANDLER).ifPresent(handler -> section(head, "Handler", handler));
        definition.get(JobField.SCRIPT).ifPresent(script -> section(head, "Script", script));
        definition.get(JobField.PROMPT).ifPresent(prompt -> section(head, "Prompt", prompt));
    }

    private static void item(StringBuilder head, String name, String value) {
        head.append("- ").append(name).append(": ").append(oneLine(value)).append('\n');
    }

    private static void section(StringBuilder head, String title, String text) {
        head.append("\n## ").append(title).append("\n\n").append(text.strip()).append('\n');
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\R", " ").strip();
    }

    private static String seconds(Duration took) {
        return took.toMillis() / 1_000 + "." + "%03d".formatted(took.toMillis() % 1_000) + " s";
    }

    /** The message of a page; empty if the page is damaged. */
    static Optional<String> message(byte[] page) {
        int from = Math.max(0, page.length - LONGEST_LAST_LINE);
        String end = new String(page, from, page.length - from, StandardCharsets.ISO_8859_1);
        Matcher last = LAST_LINE.matcher(end);
        if (!last.find()) {
            return Optional.empty();
        }
        long stop = (long) from + last.start();
        long start = stop - Long.parseLong(last.group(1));
        if (start < 0) {
            return Optional.empty();
        }
        byte[] message = Arrays.copyOfRange(page, (int) start, (int) stop);
        return digest(message).equals(last.group(2))
                ? Optional.of(new String(message, StandardCharsets.UTF_8))
                : Optional.empty();
    }

    static String digest(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
