package dev.kairos.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PermissionCheckupTest {
    @TempDir
    Path home;

    private List<Finding> findings(Predicate<Path> isWritable) {
        List<Finding> findings = new ArrayList<>();
        new PermissionCheckup(home, isWritable).look(findings);
        return findings;
    }

    @Test
    void aHomeThatThisUserMayNotWriteIsNamedWithItsOwner() throws IOException {
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
        String owner = Files.getOwner(home).getName();

        assertThat(findings(path -> false))
                .extracting(Finding::what)
                .containsExactly(
                        "this user may not write " + home + ", which belongs to " + owner,
                        home + " is open to other people on this machine");
        assertThat(findings(path -> false).get(1).advice()).isEqualTo("chmod 700 " + home + ", as " + owner);
        assertThat(findings(path -> true)).extracting(Finding::advice).containsExactly("chmod 700 " + home);
    }

    @Test
    void aFolderThatItsOwnOwnerMayNotWriteIsToBeOpenedToHimFirst() throws IOException {
        Path cron = Files.createDirectory(home.resolve("cron"));
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwx------"));
        Files.setPosixFilePermissions(cron, PosixFilePermissions.fromString("r-x------"));
        String owner = Files.getOwner(cron).getName();

        List<Finding> findings = findings(path -> !path.equals(cron));

        Files.setPosixFilePermissions(cron, PosixFilePermissions.fromString("rwx------"));
        assertThat(findings).singleElement().satisfies(found -> {
            assertThat(found.what()).contains("may not write " + cron, "neither may " + owner);
            assertThat(found.advice()).isEqualTo("as " + owner + ": chmod u+w " + cron);
        });
    }
}
