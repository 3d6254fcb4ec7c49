package dev.kairos.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The count that the real processes are judged by notices each kind of violation. */
class AccountTest {
    private static final Account.Occurrences FOUR = due(4);

    private final List<Effect> effects = new ArrayList<>();
    private final List<Row> rows = new ArrayList<>();

    private static Instant at(int second) {
        return Instant.parse("2027-01-15T09:00:00Z").plusSeconds(second);
    }

    private static Account.Occurrences due(int count) {
        return new Account.Occurrences(at(0), at(count), Duration.ofSeconds(1));
    }

    private void ran(int second, String execution) {
        effects.add(new Effect("beat", at(second), execution));
    }

    private void row(int second, String execution, String status, int attempt, String reason) {
        rows.add(new Row(execution, "beat", at(second), attempt, status, reason, Optional.empty()));
    }

    private void ranWell(int second) {
        ran(second, "x" + second);
        row(second, "x" + second, "ok", 1, "");
    }

    private List<String> violations() {
        return Account.atMostOnce(effects, rows, due(1)).violations();
    }

    @Test
    void whatRanOnceAndIsRecordedIsInOrder() {
        ranWell(0);
        assertThat(violations()).isEmpty();
    }

    @Test
    void whatWasNotDueIsNoticed() {
        ranWell(0);
        ranWell(1);
        assertThat(violations()).singleElement().asString().startsWith("not due");
    }

    @Test
    void aSecondSideEffectOfAnOccurrenceIsADouble() {
        ranWell(0);
        ran(0, "again");
        row(0, "again", "unknown", 2, "its node died");
        assertThat(violations()).singleElement().asString().startsWith("double");
    }

    @Test
    void anAttemptThatRanTwiceIsNoticed() {
        ranWell(0);
        ran(0, "x0");
        assertThat(violations()).anyMatch(text -> text.startsWith("attempt twice"));
    }

    @Test
    void aSideEffectWithoutARowIsNoticed() {
        ran(0, "ghost");
        assertThat(violations()).singleElement().asString().startsWith("unrecorded");
    }

    @Test
    void aSideEffectOfWhatWasSkippedIsNoticed() {
        ran(0, "x0");
        row(0, "x0", "skipped", 1, "paused");
        assertThat(violations()).singleElement().asString().startsWith("wrong row");
    }

    @Test
    void anOkWithoutASideEffectIsNoticed() {
        row(0, "x0", "ok", 1, "");
        assertThat(violations()).singleElement().asString().startsWith("claimed to have run");
    }

    @Test
    void aRowLeftOpenIsNoticed() {
        ran(0, "x0");
        row(0, "x0", "running", 1, "");
        assertThat(violations()).singleElement().asString().startsWith("left open");
    }

    @Test
    void aGapNeedsARowThatNamesIt() {
        ranWell(0);
        ranWell(3);
        assertThat(Account.atMostOnce(effects, rows, FOUR).violations())
                .hasSize(2)
                .allMatch(text -> text.startsWith("unexplained gap"));
        rows.add(new Row("s", "beat", at(1), 1, "skipped", "overlap", Optional.of(new Row.Span(at(1), at(2), 2))));
        Account account = Account.atMostOnce(effects, rows, FOUR);
        assertThat(account.violations()).isEmpty();
        assertThat(account.explained()).containsEntry("skipped, overlap", 2);
    }

    @Test
    void aScheduleThatStoppedLeavesGapsUpToItsEnd() {
        ranWell(0);
        assertThat(Account.atMostOnce(effects, rows, FOUR).violations()).hasSize(3);
    }

    @Test
    void aRerunNeedsAnAttemptBeforeItWhoseEndNobodyKnows() {
        ran(0, "first");
        ran(0, "second");
        row(0, "second", "ok", 2, "rerun: its node died");
        row(0, "first", "unknown", 1, "its node died");
        assertThat(Account.rerun(effects, rows, due(1)).violations()).isEmpty();
        rows.remove(1);
        row(0, "first", "ok", 1, "");
        assertThat(Account.rerun(effects, rows, due(1)).violations())
                .singleElement()
                .asString()
                .startsWith("double");
    }

    @Test
    void aLostOneShotIsNoticed() {
        row(0, "x0", "cancelled", 1, "never_started");
        assertThat(Account.oneShot(effects, rows).violations())
                .singleElement()
                .asString()
                .startsWith("lost");
    }
}
