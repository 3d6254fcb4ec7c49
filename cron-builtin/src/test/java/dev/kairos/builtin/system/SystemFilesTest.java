package dev.kairos.builtin.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kairos.api.env.HostFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class SystemFilesTest {
    @TempDir
    Path folder;

    private final HostFiles files = new SystemEnvironment().files();

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void whatIsWrittenIsPrivateAndWhole() throws IOException {
        Path file = folder.resolve("home").resolve("cron").resolve("jobs.json");
        files.replace(file, bytes("one"));
        assertThat(permissions(file)).isEqualTo("rw-------");
        assertThat(permissions(file.getParent())).isEqualTo("rwx------");
        assertThat(permissions(file.getParent().getParent())).isEqualTo("rwx------");
        files.replaceQuickly(file, bytes("two"));
        assertThat(files.read(file))
                .hasValueSatisfying(content -> assertThat(content).isEqualTo(bytes("two")));
        assertThat(permissions(file)).isEqualTo("rw-------");
        assertThat(files.list(file.getParent())).containsExactly(file);
        assertThat(files.modifiedAt(file))
                .hasValueSatisfying(
                        at -> assertThat(Duration.between(at, Instant.now())).isLessThan(Duration.ofMinutes(1)));
    }

    @Test
    void anExistingFoldersPermissionsStay() throws IOException {
        Path open = Files.createDirectory(folder.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
        files.createFolder(open);
        files.replace(open.resolve("file"), bytes("x"));
        assertThat(permissions(open)).isEqualTo("rwxr-xr-x");
    }

    @Test
    void whatIsMissingIsEmpty() throws IOException {
        Path nowhere = folder.resolve("no").resolve("where");
        assertThat(files.read(nowhere)).isEmpty();
        assertThat(files.modifiedAt(nowhere)).isEmpty();
        assertThat(files.list(nowhere)).isEmpty();
        files.delete(nowhere);
    }

    @Test
    void aListHoldsFilesByNameAndNothingElse() throws IOException {
        files.replace(folder.resolve("b"), bytes(""));
        files.replace(folder.resolve("a"), bytes(""));
        Files.createDirectory(folder.resolve("folder"));
        assertThat(files.list(folder)).containsExactly(folder.resolve("a"), folder.resolve("b"));
    }

    @Test
    void afterAnErrorTheOldContentStandsAndNothingLiesAround() throws IOException {
        Path file = folder.resolve("target");
        Files.createDirectories(file.resolve("occupied"));
        assertThatThrownBy(() -> files.replace(file, bytes("x"))).isInstanceOf(IOException.class);
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).containsExactly(file);
        }
    }

    @Test
    void aFileInTheWayOfAFolderIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("plain"), "x");
        assertThatThrownBy(() -> files.replace(file.resolve("below"), bytes("x")))
                .isInstanceOf(NotDirectoryException.class)
                .hasMessageContaining("plain");
    }

    @Test
    void aLinkedFileIsReplacedWhereItLies() throws IOException {
        Path real =
                Files.writeString(Files.createDirectory(folder.resolve("git")).resolve("jobs.json"), "old");
        Path link = Files.createSymbolicLink(folder.resolve("jobs.json"), real);
        files.replace(link, bytes("new"));
        assertThat(link).isSymbolicLink();
        assertThat(real).hasContent("new");
    }

    @Test
    void anInterruptNeitherCutsAWriteShortNorGetsLost() throws IOException {
        Path file = folder.resolve("file");
        Thread.currentThread().interrupt();
        files.replace(file, bytes("whole"));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(file).hasContent("whole");
    }
}
