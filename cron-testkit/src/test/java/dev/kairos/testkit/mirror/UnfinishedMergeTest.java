package dev.kairos.testkit.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kairos.api.env.HostFiles;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobField;
import dev.kairos.api.store.StoreException;
import dev.kairos.orchestrator.mirror.JobsMirror;
import dev.kairos.orchestrator.mirror.MirrorReport;
import dev.kairos.orchestrator.mirror.MirrorReport.Kind;
import dev.kairos.testkit.StoreHook;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of a hand edit whose merge a failing store or disk broke off. */
class UnfinishedMergeTest {
    @TempDir
    Path folder;

    private Mirrored home;
    private Job beat;
    private Job pulse;

    @BeforeEach
    void open() {
        home = new Mirrored(folder);
        beat = home.create("beat", "every 1h");
        pulse = home.create("pulse", "every 1h");
        home.mirror.writeIfChanged();
    }

    @ParameterizedTest
    @CsvSource({"1,false", "2,false", "3,false", "4,false", "1,true", "2,true", "3,true", "4,true"})
    void whatAFailingStoreDidNotTakeIsTakenAtTheNextLook(int write, boolean isMade) {
        String without = home.text();
        Job gone = home.create("gone", "every 1h");
        home.mirror.writeIfChanged();
        JobsMirror mirror = home.another(new OneFailure(write, isMade));
        mirror.writeIfChanged();
        home.hand(without.replace("\"revision\" : 2", "\"revision\" : 3")
                .replace("look at beat", "listen to the beat")
                .replace("look at pulse", "feel the pulse")
                .replace(
                        "\"jobs\" : [",
                        "\"jobs\" : [ {\"id\": \"soon\", \"prompt\": \"new\", \"schedule\": \"in 2h\"},"));
        Instant saved = home.time.now();

        assertThatThrownBy(mirror::writeIfChanged).isInstanceOf(StoreException.class);
        home.time.advance(Duration.ofMinutes(1));
        mirror.writeIfChanged();

        assertThat(promptOf(beat)).isEqualTo("listen to the beat");
        assertThat(promptOf(pulse)).isEqualTo("feel the pulse");
        assertThat(home.job("soon").engine().nextRunAt()).contains(saved.plus(Duration.ofHours(2)));
        assertThat(home.store.jobs().find(gone.id())).isEmpty();
        assertThat(home.conflictCopies()).isEmpty();
        assertThat(home.text()).contains("listen to the beat", "feel the pulse", "soon");
    }

    @Test
    void theNextSaveDoesNotConflictWithTheHalfOfTheOneBeforeThatWasTaken() {
        String opened = home.text();
        JobsMirror mirror = home.another(new OneFailure(2, false));
        home.hand(opened.replace("look at ", "one of "));
        assertThatThrownBy(mirror::writeIfChanged).isInstanceOf(StoreException.class);
        assertThat(List.of(promptOf(beat), promptOf(pulse)))
                .filteredOn(prompt -> prompt.startsWith("one of "))
                .hasSize(1);

        home.hand(opened.replace("look at ", "two of "));
        mirror.writeIfChanged();

        assertThat(promptOf(beat)).isEqualTo("two of beat");
        assertThat(promptOf(pulse)).isEqualTo("two of pulse");
        assertThat(home.conflictCopies()).isEmpty();
    }

    @Test
    void aConflictThatAFullDiskKeepsNoCopyOfIsSaidAndKeptWhenThereIsRoom() {
        home.edit("beat", "prompt", "from the command");
        home.hand(home.text().replace("look at beat", "from the file").replace("look at pulse", "feel the pulse"));
        String hand = home.text();
        HostFiles disk = home.time.files();
        home.time.files(new FullDisk(disk));

        MirrorReport full = home.mirror.syncFromFile();
        home.mirror.writeIfChanged();

        assertThat(full.kind()).isEqualTo(Kind.DAMAGED);
        assertThat(full.messages())
                .singleElement()
                .asString()
                .contains("no copy of it can be kept beside it: No space left on device")
                .contains("the free space");
        assertThat(home.text()).isEqualTo(hand);
        home.time.files(disk);
        home.mirror.writeIfChanged();
        assertThat(home.conflictCopies())
                .singleElement()
                .satisfies(copy -> assertThat(copy).hasContent(hand));
        assertThat(promptOf(beat)).isEqualTo("from the command");
        assertThat(promptOf(pulse)).isEqualTo("feel the pulse");
        assertThat(home.text()).contains("from the command", "feel the pulse").doesNotContain("from the file");
    }

    private String promptOf(Job job) {
        return home.job(job.id()).definition().get(JobField.PROMPT).orElseThrow();
    }

    /** A store that fails at one of its writes, once. */
    private static final class OneFailure implements StoreHook {
        private final boolean isMade;
        private int writesLeft;

        OneFailure(int write, boolean isMade) {
            this.writesLeft = write;
            this.isMade = isMade;
        }

        @Override
        public void before(Write write) {
            writesLeft--;
            fail(!isMade);
        }

        @Override
        public void after(Write write) {
            fail(isMade);
        }

        private void fail(boolean isNow) {
            if (isNow && writesLeft == 0) {
                throw new StoreException(StoreException.Kind.TRANSIENT, "the store does not answer", null);
            }
        }
    }
}
