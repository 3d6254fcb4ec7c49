package dev.kairos.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronSentenceTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0 9 * * *              | At 09:00
            0 * * * *              | Every hour
            """)
    void whatTheLibraryTellsTrulyIsTakenFromIt(String expression, String sentence) {
        assertThat(CronSentence.of(expression)).contains(sentence);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "30 9-17/2 * * *",
                "*/7 * * * *",
                "5-59/15 * * * *",
                "0 */5 * * *",
                "0 0 13 * FRI",
                "0 0 */2 * FRI",
                "0 0 */3 * *",
                "*/100 * * * *",
                "0 0 L * *",
                "0 9 15W * *",
                "0 9 * * MON",
                "0 0 1 1 *",
                "0 9 * * 0-7",
                "*/15 9-17 * * MON-FRI",
                "0 9 * * MON#2",
                "0 9 * * 5L"
            })
    void whatItRefusesOrWouldTellWronglyIsLeftToUs(String expression) {
        assertThat(CronSentence.of(expression)).isEmpty();
    }
}
