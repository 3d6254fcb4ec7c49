package dev.kairos.orchestrator;

import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** What something thrown says to a person: no class of Java, as far as there is anything else. Status: internal. */
public final class PlainWords {
    private PlainWords() {}

    /** The message; of a file operation, what it means. */
    public static String of(Throwable thrown) {
        Throwable cause = thrown.getCause();
        if (thrown instanceof UncheckedIOException && cause != null) {
            return of(cause);
        }
        if (thrown instanceof FileSystemException file) {
            return ofFile(file);
        }
        String message = thrown.getMessage();
        String name = thrown.getClass().getSimpleName();
        if (message == null || message.isBlank()) {
            return name;
        }
        return thrown instanceof LinkageError ? name + ": " + message : message; // it says no more than another class
    }

    private static String ofFile(FileSystemException failure) {
        String path = String.valueOf(failure.getFile());
        if (failure instanceof AccessDeniedException) {
            return "no permission for " + path;
        }
        if (failure instanceof NoSuchFileException) {
            return "there is no " + path;
        }
        if (failure instanceof FileAlreadyExistsException || failure instanceof NotDirectoryException) {
            return path + " is no folder";
        }
        return path + ": " + (failure.getReason() == null ? "it cannot be used" : failure.getReason());
    }
}
