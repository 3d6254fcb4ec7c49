package dev.kairos.runner.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.ledger.Usage;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BudgetTest {
    private static final Usage USED = Usage.of("m").withTurn(60, 40).withCost(new BigDecimal("0.5"));

    @ParameterizedTest
    @CsvSource({
        "tokens_per_run, 101, false",
        "tokens_per_run, 100, true",
        "cost_per_run, 0.51, false",
        "cost_per_run, 0.5, true",
        "tokens_per_day, 201, false",
        "tokens_per_day, 200, true",
        "cost_per_day, 1.01, false",
        "cost_per_day, 1, true"
    })
    void aLimitIsReachedByWhatTheRunUsesAndWhatTheDayUsedBefore(String key, String limit, boolean isReached) {
        Budget.Limits limits = Budget.read("budget", Map.of(key, limit));

        assertThat(Budget.left("the job's budget", limits, USED))
                .singleElement()
                .satisfies(budget -> assertThat(budget.isReachedBy(USED)).isEqualTo(isReached));
    }

    @Test
    void theWordsOfAUsedUpBudgetAreTheSameWhateverWasUsed() {
        Budget.Limits limits = Budget.read("budget", Map.of("tokens_per_day", 10));

        assertThat(Budget.left("x", limits, USED).get(0).reached().getMessage())
                .isEqualTo(
                        Budget.left("x", limits, Usage.of("m")).get(0).reached().getMessage());
    }

    @ParameterizedTest
    @CsvSource({"tokens, 5", "tokens_per_run, many", "cost_per_day, -1", "tokens_per_run, 1.5"})
    void whatIsNoBudgetIsRefusedWithAnExample(String key, String value) {
        assertThatThrownBy(() -> Budget.read("budget", Map.of(key, value)))
                .isInstanceOfSatisfying(
                        InvalidInputException.class,
                        refused -> assertThat(refused.where()).isEqualTo("budget." + key));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "120|PT2M",
                "0.5|PT0.5S",
                "Fri, 15 Jan 2027 08:01:00 GMT|PT1M",
                "Fri, 15 Jan 2027 07:00:00 GMT|PT0S",
                "99999999|PT24H",
                "soon|none",
            })
    void aRetryAfterIsReadInBothItsForms(String header, Duration expected) {
        assertThat(RetryAfter.read(Optional.of(header), Instant.parse("2027-01-15T08:00:00Z")))
                .isEqualTo(Optional.ofNullable(expected));
    }
}
