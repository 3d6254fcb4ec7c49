package dev.kairos.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.delivery.DeliveryChannel;
import dev.kairos.api.env.Environment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * What every channel must keep without a connection: its addresses and how it cuts messages. {@link
 * HttpChannelContract} adds what it must keep on the wire.
 *
 * <p>Status: experimental since 0.1.
 */
public abstract class DeliveryChannelContract {
    /** As long as the longest report somebody reads. */
    private static final int REPORT_LENGTH = 40_000;

    private static final Pattern WORD = Pattern.compile("\\bw(\\d{4})\\b");
    private static final Pattern CUT_CHARACTER = Pattern.compile("^[\\p{M}\\u200D\\uFE0F]|^\\p{So}\\u200D$|\\u200D$");

    /** Real time, real threads. */
    protected abstract Environment environment();

    /** The channel that is judged, ready to send. */
    protected abstract DeliveryChannel channel();

    /** Addresses that it takes. */
    protected abstract List<String> addresses();

    /** Addresses that it refuses. */
    protected abstract List<String> wrongAddresses();

    /** What one message takes of the platform's limit, in its own unit. */
    protected abstract int sizeOf(String part);

    /** The platform's documented limit in that unit. */
    protected abstract int limit();

    /** Whether a part writes blocks of code between lines of three backquotes. */
    protected boolean hasFences() {
        return false;
    }

    @Test
    final void itsNameIsLegal() {
        assertThat(channel().platform()).matches("[a-z][a-z0-9]{1,30}");
    }

    @Test
    final void itTakesRightAddresses() {
        assertThat(addresses()).isNotEmpty();
        addresses()
                .forEach(address -> assertThatCode(() -> channel().checkAddress(address))
                        .as(address)
                        .doesNotThrowAnyException());
    }

    @Test
    final void aWrongAddressIsRefusedWithARightExample() {
        assertThat(wrongAddresses()).isNotEmpty();
        for (String wrong : wrongAddresses()) {
            var refusal = catchThrowableOfType(
                    InvalidInputException.class, () -> channel().checkAddress(wrong));
            assertThat(refusal).as("refusal of " + wrong).isNotNull();
            assertARightExampleIn(refusal.accepted());
        }
    }

    private void assertARightExampleIn(String accepted) {
        Matcher example =
                Pattern.compile(channel().platform() + ":(\\S+?)[,;]?(?:\\s|$)").matcher(accepted);
        assertThat(example.find()).as("an example in: " + accepted).isTrue();
        assertThatCode(() -> channel().checkAddress(example.group(1)))
                .as(example.group(1))
                .doesNotThrowAnyException();
    }

    @Test
    final void anAddressWithALineEndIsRefused() {
        for (String address : addresses()) {
            assertThat(catchThrowableOfType(
                            InvalidInputException.class, () -> channel().checkAddress(address + "\r\nX-Evil: 1")))
                    .as(address)
                    .isNotNull();
        }
    }

    @Test
    final void itSaysWhatItsAddressesLookLike() {
        assertARightExampleIn(channel().addressForms());
    }

    @Test
    final void aShortMessageIsOnePart() {
        assertThat(channel().parts("All is **well**."))
                .hasSize(1)
                .first()
                .asString()
                .contains("well");
    }

    @Test
    final void theSameTextGivesTheSameParts() {
        String report = report();
        assertThat(channel().parts(report)).isEqualTo(channel().parts(report));
    }

    @Test
    final void eachPartIsWithinThePlatformsLimit() {
        for (String part : channel().parts(report())) {
            assertThat(part).isNotBlank();
            assertThat(sizeOf(part)).as(part).isLessThanOrEqualTo(limit());
        }
    }

    @Test
    final void nothingIsLostAndAllStandsInOrder() {
        List<Integer> words = new ArrayList<>();
        String report = report();
        channel()
                .parts(report)
                .forEach(part ->
                        WORD.matcher(part).results().forEach(word -> words.add(Integer.valueOf(word.group(1)))));
        long expected = WORD.matcher(report).results().count();
        assertThat(words).hasSize((int) expected).isSorted().doesNotHaveDuplicates();
    }

    @Test
    final void noPartCutsACharacterALinkOrAFence() {
        String report = report();
        List<String> parts = channel().parts(report);
        for (String part : parts) {
            assertThat(CUT_CHARACTER.matcher(part).find())
                    .as("cut character in " + part)
                    .isFalse();
            assertThat(part.codePoints().filter(c -> c >= 0xD800 && c <= 0xDFFF).count())
                    .as("half a pair in " + part)
                    .isZero();
            if (hasFences()) {
                assertThat(part.split("```", -1).length % 2)
                        .as("fences of " + part)
                        .isEqualTo(1);
            }
        }
        for (int link = 0; report.contains(MarkdownReport.url(link)); link++) {
            String whole = MarkdownReport.url(link);
            assertThat(parts).as(whole).anyMatch(part -> part.contains(whole));
        }
    }

    @Test
    final void moreThanOnePartAreNumbered() {
        List<String> parts = channel().parts(report());
        if (parts.size() > 1) {
            assertThat(parts.get(0)).contains("(1/" + parts.size() + ")");
            assertThat(parts.get(parts.size() - 1)).contains("(" + parts.size() + "/" + parts.size() + ")");
        }
    }

    /** Without a space there is nothing else to cut at than between two characters. */
    @Test
    final void aWordLongerThanAMessageIsCutBetweenCharacters() {
        String endless = MarkdownReport.EMOJI.repeat(1_500);
        for (String part : channel().parts(endless)) {
            assertThat(sizeOf(part)).isLessThanOrEqualTo(limit());
            assertThat(CUT_CHARACTER.matcher(part).find())
                    .as("cut character in " + part)
                    .isFalse();
        }
    }

    /** Settings of a platform, as the configuration would hold them. */
    protected static MapSettings settings(String platform, Map<String, String> values) {
        Map<String, String> full = new java.util.LinkedHashMap<>();
        values.forEach((key, value) -> full.put("delivery." + platform + "." + key, value));
        return new MapSettings(full, "delivery." + platform);
    }

    private static String report() {
        return MarkdownReport.of(REPORT_LENGTH);
    }
}
