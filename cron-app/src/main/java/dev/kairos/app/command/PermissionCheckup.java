package dev.kairos.app.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** What doctor looks at in the rights to the home: that this user may write it and others may not look into it. */
final class PermissionCheckup {
    private static final String GROUP = "Permissions";
    private static final Set<PosixFilePermission> OF_OTHERS = EnumSet.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);
    private static final Set<String> FOLDERS = Set.of("", "cron");
    private static final List<String> WRITTEN = List.of("", "cron", "cron/state.db", "cron/jobs.json");
    private static final List<String> PRIVATE =
            List.of("", "config.yaml", "server.token", "cron", "cron/state.db", "cron/jobs.json");

    private final Path home;
    private final Predicate<Path> isWritable;

    /** The rights of the user for whom the predicate answers. */
    PermissionCheckup(Path home, Predicate<Path> isWritable) {
        this.home = home;
        this.isWritable = isWritable;
    }

    void look(List<Finding> findings) {
        try {
            if (isThere("") && DiskSpace.isReadOnly(home)) {
                findings.add(new Finding(
                        GROUP,
                        "the disk of " + home + " is read-only",
                        "mount it for writing, or work on a copy of the home elsewhere (--home)"));
                return;
            }
            for (String name : WRITTEN) {
                Path path = path(name);
                if (isThere(name) && !isWritable.test(path)) {
                    findings.add(unwritable(path));
                }
            }
            for (String name : PRIVATE) {
                Path path = path(name);
                if (isThere(name) && isOpenToOthers(path)) {
                    findings.add(new Finding(
                            GROUP,
                            path + " is open to other people on this machine",
                            "chmod " + (Files.isDirectory(path) ? "700 " : "600 ") + path
                                    + (isWritable.test(path)
                                            ? ""
                                            : ", as " + Files.getOwner(path).getName())));
                }
            }
        } catch (IOException | UnsupportedOperationException e) {
            return; // a file system without such rights
        }
    }

    private static Finding unwritable(Path path) throws IOException {
        String owner = Files.getOwner(path).getName();
        boolean mayOwner = Files.getPosixFilePermissions(path).contains(PosixFilePermission.OWNER_WRITE);
        return new Finding(
                GROUP,
                "this user may not write " + path
                        + (mayOwner
                                ? ", which belongs to " + owner
                                : ", and neither may " + owner + ", to whom it belongs"),
                mayOwner
                        ? "call kairos as " + owner + ", or give yourself the right to the home"
                        : "as " + owner + ": chmod u+w " + path);
    }

    /** A folder in a file's place, or the other way round, is told of elsewhere: no right would mend it. */
    private boolean isThere(String name) {
        Path path = path(name);
        return Files.exists(path) && Files.isDirectory(path) == FOLDERS.contains(name);
    }

    private Path path(String name) {
        return name.isEmpty() ? home : home.resolve(name);
    }

    private static boolean isOpenToOthers(Path path) throws IOException {
        return Files.getPosixFilePermissions(path).stream().anyMatch(OF_OTHERS::contains);
    }
}
