package dev.kairos.provider.crontab;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Collection;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * A further wake-up for what is overdue: at the next minute, and while the same things stay overdue 1, 2, 4 .. 32 minutes
 * after the one before; then the hourly one has to do. Its note stands where it is armed: nothing else remembers it.
 *
 * @param at the start of a minute
 * @param number how many came before it for the same things
 * @param sign what is overdue, shortened
 */
record Retry(Instant at, int number, String sign) {
    private static final Pattern NOTE = Pattern.compile("# overdue ([0-9a-f]+), wake-up (\\d) at (\\S+)");
    private static final int LAST = 6;

    /**
     * The next one.
     *
     * @param overdue what is overdue, each by its job and instant
     * @param before the one that is armed or was
     * @param now what the clock shows
     * @param soonest the first minute that can still be armed
     */
    static Optional<Retry> next(Collection<String> overdue, Optional<Retry> before, Instant now, Instant soonest) {
        if (overdue.isEmpty()) {
            return Optional.empty();
        }
        String sign = sign(overdue);
        Optional<Retry> same = before.filter(earlier -> earlier.sign().equals(sign));
        if (same.isEmpty()) {
            return Optional.of(new Retry(soonest, 0, sign));
        }
        Retry last = same.get();
        if (last.at().isAfter(now) || last.number() >= LAST) {
            return same;
        }
        return Optional.of(
                new Retry(soonest.plus(Duration.ofMinutes((1L << last.number()) - 1)), last.number() + 1, sign));
    }

    private static String sign(Collection<String> overdue) {
        CRC32 sum = new CRC32();
        sum.update(new TreeSet<>(overdue).toString().getBytes(StandardCharsets.UTF_8));
        return Long.toHexString(sum.getValue());
    }

    /** The note, a comment of one line. */
    String note() {
        return "# overdue " + sign + ", wake-up " + number + " at " + at;
    }

    /** The retry of which the lines tell. */
    static Optional<Retry> read(Collection<String> lines) {
        return lines.stream()
                .map(NOTE::matcher)
                .filter(Matcher::matches)
                .findFirst()
                .flatMap(note -> instant(note.group(3))
                        .map(at -> new Retry(at, Integer.parseInt(note.group(2)), note.group(1))));
    }

    private static Optional<Instant> instant(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeParseException edited) {
            return Optional.empty();
        }
    }
}
