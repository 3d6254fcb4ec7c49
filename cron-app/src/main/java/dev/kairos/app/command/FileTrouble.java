package dev.kairos.app.command;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** What a file operation's exception means, in words. */
final class FileTrouble {
    private FileTrouble() {}

    static String words(IOException failure) {
        if (!(failure instanceof FileSystemException file)) {
            return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
        }
        String path = String.valueOf(file.getFile());
        if (failure instanceof AccessDeniedException) {
            return "no permission for " + path;
        }
        if (failure instanceof NoSuchFileException) {
            return "there is no " + path;
        }
        if (failure instanceof FileAlreadyExistsException || failure instanceof NotDirectoryException) {
            return path + " is no folder";
        }
        return path + ": " + (file.getReason() == null ? "it cannot be used" : file.getReason());
    }
}
