package dev.kairos.orchestrator.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.kairos.api.InvalidInputException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every refusal with its whole message, in schedule-refusals.txt; and that what a message advises is accepted. */
class RefusalsTest {
    private static final ScheduleContext CONTEXT =
            ScheduleContext.of(Instant.parse("2026-11-19T09:00:00Z"), ZoneId.of("Europe/Warsaw"));
    private static final Pattern QUOTED = Pattern.compile("\"([^\"]+)\"");

    private static InvalidInputException refusal(String text) {
        return catchThrowableOfType(InvalidScheduleException.class, () -> ScheduleParser.parse(text, CONTEXT));
    }

    @ParameterizedTest
    @CsvFileSource(resources = "/schedule-refusals.txt", delimiter = '|', quoteCharacter = '`')
    void aRefusalNamesFieldTextAndReason(String escaped, String where, String given, String reason) {
        InvalidInputException refusal = refusal(unescaped(escaped));
        assertThat(refusal).as(escaped).isNotNull();
        assertThat(refusal.where()).isEqualTo(where);
        assertThat(refusal.given()).isEqualTo(given);
        assertThat(refusal.reason()).isEqualTo(reason);
    }

    @ParameterizedTest
    @CsvFileSource(resources = "/schedule-refusals.txt", delimiter = '|', quoteCharacter = '`')
    void theAdviceHasARightExample(String escaped, String where) {
        InvalidInputException refusal = refusal(unescaped(escaped));
        List<String> examples = new ArrayList<>();
        Matcher quoted = QUOTED.matcher(refusal.accepted());
        while (quoted.find()) {
            examples.add(quoted.group(1));
        }
        boolean isField = where.contains("(field ");
        assertThat(examples.size() + (refusal.accepted().contains("@hourly") ? 1 : 0))
                .as(refusal.accepted())
                .isPositive();
        examples.stream().filter(example -> !example.startsWith("kairos ")).forEach(example -> {
            if (isField) {
                assertThat(acceptedInItsField(where, example)).as(example).isTrue();
            } else if (where.endsWith("zone prefix")) {
                assertThat(ScheduleZones.parse(example, where)).isNotNull();
            } else if (refusal.accepted().contains("noon\" or")) {
                assertThat(ScheduleParser.parse("daily at " + example, CONTEXT)).isNotNull();
            } else {
                assertThat(ScheduleParser.parse(example, CONTEXT)).isNotNull();
            }
        });
    }

    private static boolean acceptedInItsField(String where, String example) {
        String[] fields = {"0", "0", "*", "*", "*"};
        fields[where.charAt(where.indexOf("(field ") + 7) - '1'] = example;
        return ScheduleParser.parse(String.join(" ", fields), CONTEXT).schedule() != null;
    }

    private static String unescaped(String text) {
        var plain = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            if (text.startsWith("\\u", i)) {
                plain.append((char) Integer.parseInt(text.substring(i + 2, i + 6), 16));
                i += 5;
            } else {
                plain.append(text.charAt(i));
            }
        }
        return plain.toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t\n"})
    void anEmptyTextIsRefused(String text) {
        InvalidInputException refusal = refusal(text);
        assertThat(refusal.getMessage()).isEqualTo("schedule: it is empty");
        assertThat(refusal.accepted()).contains("\"every 2h\"");
    }

    @Test
    void aTextOfMoreThanAThousandCharactersIsRefusedAndShownShortened() {
        String longest = "0 0 " + "1,".repeat(495) + "1 * *";
        assertThat(longest).hasSizeBetween(999, 1_000);
        assertThat(ScheduleParser.parse("  " + longest + "  ", CONTEXT)).isNotNull();
        InvalidInputException refusal = refusal("0 0 " + "1,".repeat(500) + "1 * *");
        assertThat(refusal.reason()).isEqualTo("it is longer than 1,000 characters");
        assertThat(refusal.given()).hasSize(83).endsWith("...");
    }

    @Test
    void aZonePrefixMustNotContradictTheJobsZone() {
        ScheduleContext warsaw = CONTEXT.withJobZone(ZoneId.of("Europe/Warsaw"));
        assertThat(ScheduleParser.parse("TZ=Europe/Warsaw @daily", warsaw)
                        .schedule()
                        .zone())
                .isEqualTo(ZoneId.of("Europe/Warsaw"));
        InvalidInputException refusal = catchThrowableOfType(
                InvalidScheduleException.class, () -> ScheduleParser.parse("TZ=Asia/Tokyo @daily", warsaw));
        assertThat(refusal.reason()).isEqualTo("its zone Asia/Tokyo contradicts the job's timezone Europe/Warsaw");
    }

    @Test
    void aOneShotUpToTwoMinutesOldIsAccepted() {
        Instant now = CONTEXT.now();
        assertThat(ScheduleParser.parse(now.minusSeconds(120).toString(), CONTEXT)
                        .schedule()
                        .runAt())
                .contains(now.minusSeconds(120));
        assertThat(refusal(now.minus(Duration.ofMillis(120_001)).toString()).reason())
                .isEqualTo("it is in the past: it is now 2026-11-19 10:00 +01:00");
    }
}
