package dev.kairos.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FolderTimeTest {
    private static final Instant T = Instant.parse("2027-01-15T09:00:00Z");

    private Optional<Instant> shown = Optional.of(T);
    private final FolderTime time = new FolderTime(() -> shown);

    private int looksUntilItIsQuiet() throws IOException {
        int looks = 0;
        while (time.mayHaveMoved()) {
            looks++;
        }
        return looks;
    }

    @Test
    void aFolderIsLookedIntoForSomeSecondsAfterItsTimeMoved() throws IOException {
        assertThat(looksUntilItIsQuiet()).isEqualTo(4);
        assertThat(time.mayHaveMoved()).isFalse();

        shown = Optional.of(T.minusSeconds(60)); // a clock that was set back moves it too

        assertThat(looksUntilItIsQuiet()).isEqualTo(4);
    }

    @Test
    void oneThatIsNotThereIsQuietUntilItComes() throws IOException {
        shown = Optional.empty();
        looksUntilItIsQuiet();

        shown = Optional.of(T);

        assertThat(time.mayHaveMoved()).isTrue();
    }

    @Test
    void whatCouldNotBeUsedIsLookedForAgain() throws IOException {
        looksUntilItIsQuiet();

        time.lookAgain();

        assertThat(looksUntilItIsQuiet()).isEqualTo(4);
    }
}
