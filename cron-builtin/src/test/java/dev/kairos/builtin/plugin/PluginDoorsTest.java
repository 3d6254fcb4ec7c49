package dev.kairos.builtin.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.builtin.system.SystemEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is let in: who may write it, and whether its sum is pinned. */
class PluginDoorsTest {
    @TempDir
    Path home;

    private Path dropped;
    private Path jar;

    @BeforeEach
    void drop() {
        dropped = home.resolve("plugins");
        jar = DroppedJar.provider("Good", "good").drop(dropped, "good.jar");
    }

    private List<PluginListing> listings(Path... folders) {
        try (Plugins plugins = new Plugins(
                new SystemEnvironment(),
                new PluginPlaces(home, List.of(folders), List.of(), Set.of(), Set.of(), Set.of()))) {
            return plugins.listings();
        }
    }

    private void assertRefused(String reason, String remedy) {
        List<PluginListing> found = listings(dropped);
        assertThat(found).isNotEmpty().allSatisfy(listing -> {
            assertThat(listing.state()).isEqualTo(PluginState.REFUSED);
            assertThat(listing.offers()).isEmpty();
            assertThat(listing.reason().orElse("")).contains(reason);
            assertThat(listing.remedy().orElse("")).contains(remedy);
        });
    }

    private void assertLetIn() {
        assertThat(listings(dropped)).extracting(PluginListing::state).containsExactly(PluginState.USABLE);
    }

    private static void open(Path path) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    private void lock(String content) throws IOException {
        Files.writeString(dropped.resolve("plugins.lock"), content);
    }

    @Test
    void aFolderThatEverybodyMayWriteIsRefused() throws IOException {
        open(dropped);
        assertRefused("everybody on this machine may write " + dropped, "chmod o-w " + dropped);
    }

    @Test
    void aJarThatEverybodyMayWriteIsRefusedAndNoOther() throws IOException {
        Path other = DroppedJar.provider("Other", "other").drop(dropped, "other.jar");
        open(other);
        assertThat(listings(dropped))
                .extracting(PluginListing::state)
                .containsExactly(PluginState.USABLE, PluginState.REFUSED);
        Files.delete(jar);
        assertRefused("everybody on this machine may write " + other, "chmod o-w " + other);
    }

    @Test
    void aLinkIsJudgedByWhatItLeadsTo() throws IOException {
        Path elsewhere = Files.createDirectory(home.resolve("elsewhere"));
        Path kept = DroppedJar.provider("Kept", "kept").drop(elsewhere, "kept.jar");
        Files.delete(jar);
        Files.createSymbolicLink(dropped.resolve("linked.jar"), kept);
        assertLetIn();
        open(elsewhere);
        assertRefused("everybody on this machine may write " + elsewhere.toRealPath(), "chmod o-w");
        Files.setPosixFilePermissions(elsewhere, PosixFilePermissions.fromString("rwx------"));
        open(kept);
        assertRefused("everybody on this machine may write " + kept.toRealPath(), "chmod o-w");
    }

    @Test
    void aLockLetsInWhatItPins() throws IOException {
        String sum = listings(dropped).get(0).sha256();
        assertThat(sum).hasSize(64);
        lock("# pinned by hand\n\n" + sum + "  good.jar\n");
        assertLetIn();
        lock(sum.toUpperCase(java.util.Locale.ROOT) + " *./good.jar\r\n");
        assertLetIn();
    }

    @Test
    void aLockRefusesWhatItDoesNotNameAndSaysTheLineToAdd() throws IOException {
        String sum = listings(dropped).get(0).sha256();
        lock("# nothing is pinned yet\n");
        assertRefused("does not name it", sum + "  good.jar");
    }

    @Test
    void aLockRefusesAnotherSum() throws IOException {
        String sum = listings(dropped).get(0).sha256();
        lock(sum + "  good.jar\n");
        DroppedJar.provider("Good", "good").entry("grown", new byte[1]).drop(dropped, "good.jar");
        assertRefused("pins " + sum, "if it is the one you want");
    }

    @Test
    void aLockThatCannotBeUnderstoodLetsNothingIn() throws IOException {
        lock(listings(dropped).get(0).sha256() + "  good.jar\nthe rest is noise\n");
        assertRefused("line 2", "sha256sum *.jar > plugins.lock");
    }

    @Test
    void aLockThatEverybodyMayWriteLetsNothingIn() throws IOException {
        lock(listings(dropped).get(0).sha256() + "  good.jar\n");
        open(dropped.resolve("plugins.lock"));
        assertRefused("may write " + dropped.resolve("plugins.lock"), "chmod o-w");
    }

    @Test
    void configuredFoldersComeAfterTheHomesOwnAndMustBeThere() {
        Path shared = home.resolve("shared");
        DroppedJar.provider("Shared", "shared").drop(shared, "a.jar");
        assertThat(listings(dropped, shared)).extracting(PluginListing::id).containsExactly("good", "a");
        Path gone = home.resolve("gone");
        PluginListing missing = listings(dropped, gone).get(1);
        assertThat(missing.state()).isEqualTo(PluginState.REFUSED);
        assertThat(missing.source()).isEqualTo(gone.toString());
        assertThat(missing.reason().orElse("")).contains("no such folder");
        assertThat(missing.remedy().orElse("")).contains("plugins.folders");
        assertThat(listings(home.resolve("plugins-not-made"))).hasSize(1);
    }

    @Test
    void aHomeWithoutAPluginFolderHasNoPlugIns() throws IOException {
        Files.delete(jar);
        Files.delete(dropped);
        assertThat(listings(dropped)).isEmpty();
        assertThat(home.resolve("cron")).doesNotExist();
    }

    @Test
    void theCopiesAreForTheirOwnerAlone() throws IOException {
        listings(dropped);
        Path staged = home.resolve("cron/plugins/staged");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(staged)))
                .isEqualTo("rwx------");
        try (var copies = Files.list(staged)) {
            assertThat(copies.toList())
                    .hasSize(1)
                    .allSatisfy(copy -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)))
                            .isEqualTo("rw-------"));
        }
    }
}
