package dev.kairos.store.jdbc;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.env.Environment;
import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.JobStoreFactory;
import dev.kairos.api.store.StoreException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Opens the store on one SQLite file: {@code jdbc:sqlite:PATH}, a relative path being relative to the home. The
 * file is made 0600 in a folder made 0700.
 *
 * <p>Status: experimental since 0.1.
 */
public final class SqliteStoreFactory implements JobStoreFactory {
    private static final String PREFIX = "jdbc:sqlite:";
    /** How other databases' URLs give a user and a password. */
    private static final Pattern OPTION = Pattern.compile(";\\s*[A-Za-z]+\\s*=");

    @Override
    public boolean accepts(String url) {
        return url.strip().startsWith(PREFIX);
    }

    /**
     * Opens the store.
     *
     * @throws InvalidInputException if the URL names no file
     * @throws StoreException of kind {@code UNUSABLE} if the file cannot be made, opened or understood
     */
    @Override
    public JobStore open(String url, Path home, Environment environment) {
        return openWith(Map.of(), url, home, environment);
    }

    /**
     * Opens the store; one that is made now holds these facts from its first moment.
     *
     * @throws InvalidInputException if the URL names no file
     * @throws StoreException of kind {@code UNUSABLE} if the file cannot be made, opened or understood
     */
    @Override
    public JobStore openWith(Map<String, String> facts, String url, Path home, Environment environment) {
        Path file = fileOf(url, home);
        try {
            environment.files().createFolder(folderOf(file));
            createPrivately(file);
        } catch (IOException e) {
            throw new StoreException(
                    StoreException.Kind.UNUSABLE,
                    "The store " + file + " cannot be made "
                            + (SqliteDialect.isReadOnlyDisk(file)
                                    ? "(its disk is read-only): name a place on a disk that can be written."
                                    : "(" + why(e) + "): make the folder " + folderOf(file)
                                            + " writable for this user, or name another place in store.url."),
                    e);
        }
        return new JdbcStore(new SqliteDialect(file), TableWork.allowed(environment, facts));
    }

    /**
     * Opens a store that is there, to read it.
     *
     * @throws InvalidInputException if the URL names no file
     * @throws StoreException of kind {@code ABSENT} if there is no such file or no store in it, and of kind {@code OUTDATED}
     *     if an older version wrote it
     */
    @Override
    public JobStore openUnchanged(String url, Path home, Environment environment) {
        SqliteDialect dialect = present(url, home);
        dialect.requirePresent();
        return new JdbcStore(dialect, TableWork.refused(environment));
    }

    /**
     * Opens a store that is there, to work on it as it is.
     *
     * @throws InvalidInputException if the URL names no file
     * @throws StoreException of kind {@code ABSENT} if there is no such file or no store in it, and of kind {@code OUTDATED}
     *     if an older version wrote it
     */
    @Override
    public JobStore openAsItIs(String url, Path home, Environment environment) {
        return new JdbcStore(present(url, home), TableWork.refused(environment));
    }

    private static SqliteDialect present(String url, Path home) {
        Path file = fileOf(url, home);
        if (!Files.exists(file)) {
            throw Migrations.none(
                    file.toString(),
                    "there is no such file",
                    "name the file by its whole path; one that begins with no slash is looked for in the home " + home);
        }
        return new SqliteDialect(file);
    }

    private static String why(IOException failure) {
        if (failure instanceof AccessDeniedException denied) {
            return "no permission for " + denied.getFile();
        }
        if (failure instanceof FileAlreadyExistsException taken) {
            return taken.getFile() + " is no folder";
        }
        return String.valueOf(failure.getMessage());
    }

    /**
     * Loads the driver, its native library and what rows are read with, so that the first {@link #open} finds them there.
     * For a second thread at the start of a process; touches no file. What fails here fails again, and is told, in
     * {@code open}.
     */
    public static void prepare() {
        Preparation.run();
    }

    /**
     * The file that a URL names, whether or not it is there.
     *
     * @param url one that is {@link #accepts accepted}
     * @throws InvalidInputException if it names none; the message shows nothing that may be a password
     */
    public static Path fileOf(String url, Path home) {
        String path = url.strip().substring(PREFIX.length());
        if (path.isBlank()) {
            throw refused(PREFIX, "it names no file");
        }
        if (OPTION.matcher(path).find()) {
            throw refused(
                    PREFIX + "...", "it has options behind a semicolon, and a SQLite file has no user and no password");
        }
        if (path.startsWith(":memory:") || path.startsWith("file:") || path.indexOf('?') >= 0) {
            throw refused(PREFIX + path.replaceFirst("(?s)\\?.*", "?..."), "it names no plain file");
        }
        try {
            return home.resolve(path).toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            throw refused(PREFIX + "...", "it names no possible file");
        }
    }

    private static InvalidInputException refused(String shown, String reason) {
        return new InvalidInputException(
                "store.url",
                shown,
                reason,
                "write jdbc:sqlite:PATH, for example jdbc:sqlite:cron/state.db, or memory: to keep nothing");
    }

    private static Path folderOf(Path file) {
        Path folder = file.getParent();
        return folder == null ? file : folder;
    }

    private static void createPrivately(Path file) throws IOException {
        if (Files.exists(file)) {
            return;
        }
        try {
            if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            } else {
                Files.createFile(file);
            }
        } catch (FileAlreadyExistsException e) {
            // another process made it in between, as privately as we would have
        }
    }
}
