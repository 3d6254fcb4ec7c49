package dev.kairos.runner.agent;

import dev.kairos.api.InvalidInputException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A tripwire for prompts: finds what nobody writes by accident. It stops nobody who words it differently; what keeps an
 * agent from harm is what its tools can do. The rules are data ({@code safety-rules.txt}). Thread-safe.
 */
final class SafetyScan {
    private static final List<SafetyRule> RULES = read();
    private static final int LONGEST = 400_000;
    private static final int BLOCK = 20_000;
    private static final int OVERLAP = 1_000;

    private SafetyScan() {}

    /**
     * What a text does that it should not.
     *
     * @param id the rule
     * @param meaning a clause
     */
    record Finding(String id, String meaning) {}

    static List<SafetyRule> rules() {
        return RULES;
    }

    /** What the text meets, each rule once, in the rules' order. */
    static List<Finding> scan(String text) {
        List<Finding> found = new ArrayList<>();
        hidden(text).ifPresent(found::add);
        String flat = text.length() > LONGEST ? text.substring(0, LONGEST) : text;
        flat = visible(flat).replaceAll("\\s+", " ");
        for (SafetyRule rule : RULES) {
            if (isMet(rule, flat)) {
                found.add(new Finding(rule.id(), rule.meaning()));
            }
        }
        return found;
    }

    /**
     * Refuses a person's own text that meets a rule.
     *
     * @throws InvalidInputException that names the first rule met
     */
    static void refuse(String field, String text) {
        List<Finding> found = scan(text);
        if (!found.isEmpty()) {
            Finding first = found.get(0);
            throw new InvalidInputException(
                    field,
                    "",
                    "it " + first.meaning() + " (rule " + first.id() + ")",
                    "say it in other words, or keep it out of the text; docs/agents.md lists the rules");
        }
    }

    /** Piece by piece, so that no expression works on a text of any length. */
    private static boolean isMet(SafetyRule rule, String flat) {
        for (int from = 0; from == 0 || from < flat.length(); from += BLOCK) {
            int to = Math.min(flat.length(), from + BLOCK + OVERLAP);
            if (rule.pattern().matcher(flat.substring(from, to)).find()) {
                return true;
            }
        }
        return false;
    }

    private static Optional<Finding> hidden(String text) {
        return text.codePoints().anyMatch(SafetyScan::isInvisible)
                ? Optional.of(new Finding("invisible", "holds signs that nobody can see"))
                : Optional.empty();
    }

    private static String visible(String text) {
        StringBuilder kept = new StringBuilder(text.length());
        text.codePoints().filter(sign -> !isInvisible(sign)).forEach(kept::appendCodePoint);
        return kept.toString();
    }

    /**
     * Signs without a shape that carry or turn text: zero-width ones, directions, tags. The joiners of emoji and of Indic and
     * Persian words (U+200C, U+200D) and the variation selectors are ordinary writing.
     */
    private static boolean isInvisible(int sign) {
        return sign == 0x200B
                || sign == 0x2060
                || sign == 0x00AD
                || sign == 0x180E
                || sign >= 0x2061 && sign <= 0x2064
                || sign >= 0x202A && sign <= 0x202E
                || sign >= 0x2066 && sign <= 0x206F
                || sign == 0xFEFF
                || sign >= 0xFFF9 && sign <= 0xFFFB
                || sign >= 0xE0000 && sign <= 0xE007F
                || sign < 0x20 && sign != '\n' && sign != '\t' && sign != '\r';
    }

    private static List<SafetyRule> read() {
        try (InputStream in = Objects.requireNonNull(
                        SafetyScan.class.getResourceAsStream("safety-rules.txt"), "safety rules");
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return lines.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(SafetyRule::parse)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
