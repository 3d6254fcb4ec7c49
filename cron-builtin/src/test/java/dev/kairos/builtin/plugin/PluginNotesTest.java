package dev.kairos.builtin.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.builtin.system.SystemEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginNotesTest {
    private static final PluginListing LISTING = new PluginListing(
            "pager",
            "1.2",
            "/home/plugins/pager-1.2.jar",
            "ab".repeat(32),
            PluginState.PARTLY_USABLE,
            List.of(
                    new PluginOffer("channel", "pager", "made.Pager", Optional.empty(), Optional.empty()),
                    new PluginOffer(
                            "provider", "", "made.Broken", Optional.of("it threw"), Optional.of("ask its author"))),
            Optional.of("it threw"),
            Optional.of("ask its author"));

    @TempDir
    Path home;

    private final SystemEnvironment environment = new SystemEnvironment();
    private PluginNotes notes;

    @BeforeEach
    void open() {
        notes = new PluginNotes(environment, home);
    }

    @Test
    void whatANodeTellsIsReadAsItWasTold() throws IOException {
        notes.tell("node-1", Set.of("reload-1"), List.of(LISTING));
        PluginNotes.Told told = notes.told("node-1").orElseThrow();
        assertThat(told.plugins()).containsExactly(LISTING);
        assertThat(told.wishes()).containsExactly("reload-1");
        assertThat(notes.nodes()).containsExactly("node-1");
        notes.forget("node-1");
        assertThat(notes.told("node-1")).isEmpty();
    }

    @Test
    void wishesOfSeveralPeopleAreKeptApart() throws IOException {
        assertThat(notes.wishes()).isEmpty();
        String first = notes.wish();
        String second = notes.wish();
        assertThat(notes.wishes()).containsExactlyInAnyOrder(first, second);
        notes.withdraw(first);
        assertThat(notes.wishes()).containsExactly(second);
        assertThat(notes.nodes()).isEmpty();
    }

    @Test
    void aDamagedNoteSaysNothing() throws IOException {
        notes.tell("node-1", Set.of(), List.of(LISTING));
        Files.writeString(home.resolve("cron/plugins/node-1.json"), "{\"plugins\": [{\"state\": \"DANCING\"}]}");
        assertThat(notes.told("node-1")).isEmpty();
        Files.writeString(home.resolve("cron/plugins/node-1.json"), "{");
        assertThat(notes.told("node-1")).isEmpty();
    }

    @Test
    void onlyWhatNobodyRenewedForADayIsForgotten() throws IOException {
        notes.tell("old", Set.of(), List.of());
        notes.tell("new", Set.of(), List.of());
        Files.setLastModifiedTime(
                home.resolve("cron/plugins/old.json"),
                FileTime.from(environment.now().minus(Duration.ofHours(25))));
        notes.sweep();
        assertThat(notes.nodes()).containsExactly("new");
    }
}
