package dev.kairos.examples.portal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.Supplier;

/** Files that nobody else may read: 0600 from their first byte, in a folder that is 0700. */
final class PrivateFiles {
    private PrivateFiles() {}

    static Path folder(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        return folder;
    }

    /** Makes the file empty where it is missing, so that whoever writes it next writes a private one. */
    static Path touch(Path file) throws IOException {
        if (!Files.exists(file)) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        return file;
    }

    /** The file's content, made and kept where it is missing. */
    static String keep(Path file, Supplier<String> content) throws IOException {
        String kept = Files.readString(touch(file)).strip();
        if (!kept.isEmpty()) {
            return kept;
        }
        String made = content.get();
        Files.writeString(file, made, StandardOpenOption.TRUNCATE_EXISTING);
        return made;
    }
}
