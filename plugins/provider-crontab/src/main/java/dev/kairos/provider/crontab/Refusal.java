package dev.kairos.provider.crontab;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Why something cannot be armed, and what to do about it, in words for a person. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Refusal(String message) {
        super(message);
    }

    Refusal(String message, Throwable cause) {
        super(message, cause);
    }

    /** What went wrong, for a person: no class of Java where there is anything else to say. */
    static String words(Throwable trouble) {
        if (trouble instanceof FileSystemException file) {
            String why = trouble instanceof AccessDeniedException
                    ? "there is no permission for it"
                    : trouble instanceof NoSuchFileException
                            ? "it is not there"
                            : file.getReason() == null ? "it cannot be used" : file.getReason();
            return file.getFile() + ": " + why;
        }
        String message = trouble.getMessage();
        return message == null || message.isBlank() ? trouble.getClass().getSimpleName() : message;
    }
}
