package dev.kairos.app.command;

import java.nio.file.Files;
import java.nio.file.Path;

/** The folder of a file that a person named: no folder is made for a slip of the pen. */
final class WritableFolder {
    private WritableFolder() {}

    /**
     * Looks whether the file can be made.
     *
     * @throws CommandFailure if its folder is not there or cannot be written
     */
    static void require(Path file) {
        requireThere(file);
        Path folder = folderOf(file);
        if (Files.isWritable(folder)) {
            return;
        }
        throw DiskSpace.isReadOnly(folder)
                ? CommandFailure.failed(
                        file + " cannot be made: the disk of " + folder + " is read-only",
                        "name a file on a disk that can be written")
                : CommandFailure.failed(
                        file + " cannot be made: this user may not write the folder " + folder,
                        "name a file in a folder of your own, or have somebody give you the right to this one");
    }

    /**
     * Looks whether the folder of the file is there.
     *
     * @throws CommandFailure if it is not
     */
    static void requireThere(Path file) {
        Path folder = folderOf(file);
        if (Files.isDirectory(folder)) {
            return;
        }
        if (Files.exists(folder)) {
            throw refused(folder + " is a file, not a folder");
        }
        throw refused(
                Files.notExists(folder)
                        ? "there is no folder " + folder + ", and none was made"
                        : "this user may not look whether there is a folder " + folder);
    }

    private static CommandFailure refused(String what) {
        return CommandFailure.failed(what, "make the folder, or name a file in one that is there");
    }

    private static Path folderOf(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        return folder == null ? file : folder;
    }
}
