package dev.kairos.app.command;

import dev.kairos.api.InvalidInputException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;

/** Instants as people type them: with an offset, or local in a zone, or a date alone. */
final class InstantText {
    private InstantText() {}

    static Instant parse(String where, String given, ZoneId zone) {
        String text = given.strip();
        if (text.length() > 10 && text.charAt(10) == ' ') {
            text = text.substring(0, 10) + 'T' + text.substring(11);
        }
        try {
            if (text.length() == 10) {
                return LocalDate.parse(text).atStartOfDay(zone).toInstant();
            }
            return hasOffset(text)
                    ? OffsetDateTime.parse(text).toInstant()
                    : LocalDateTime.parse(text).atZone(zone).toInstant();
        } catch (DateTimeException e) {
            throw new InvalidInputException(
                    where,
                    given.length() > 60 ? given.substring(0, 60) + "..." : given,
                    "not an instant",
                    "write for example 2027-01-15T09:00:00Z, 2027-01-15T09:00:00+01:00 or 2027-01-15");
        }
    }

    private static boolean hasOffset(String text) {
        int clock = text.indexOf('T');
        return text.endsWith("Z")
                || text.endsWith("z")
                || (clock > 0 && (text.indexOf('+', clock) > 0 || text.indexOf('-', clock) > 0));
    }
}
