package dev.kairos.builtin.plugin;

import dev.kairos.api.DurationText;
import dev.kairos.api.env.Environment;
import dev.kairos.api.env.Task;
import dev.kairos.orchestrator.PlainWords;
import java.nio.file.FileSystemException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The one way into foreign code: a plug-in's class loader as context loader, a bound on the time, whatever is thrown
 * caught and kept as the cause, said in words a person can use.
 *
 * <p>Status: internal.
 */
public final class Guard {
    /** How long a call that opens no connection may take. */
    public static final Duration QUICK = Duration.ofSeconds(5);

    /** How the words about a call begin that threw with a message. */
    public static final String FAILED = "failed: ";

    private final Environment environment;

    /** A guard whose threads and waits are the environment's. */
    public Guard(Environment environment) {
        this.environment = environment;
    }

    /**
     * What became of a call: a value, or words and perhaps a cause.
     *
     * @param <T> what was asked for
     * @param value what was returned
     * @param trouble why there is no value, a clause: "failed: ...", "threw ...", "did not return within 5s"
     * @param cause what was thrown
     */
    public record Answer<T>(Optional<T> value, Optional<String> trouble, Optional<Throwable> cause) {
        public Answer {
            Objects.requireNonNull(value);
            Objects.requireNonNull(trouble);
            Objects.requireNonNull(cause);
        }

        static <T> Answer<T> of(T value) {
            return new Answer<>(Optional.of(value), Optional.empty(), Optional.empty());
        }

        static <T> Answer<T> threw(Throwable thrown) {
            return new Answer<>(Optional.empty(), Optional.of(words(thrown)), Optional.of(thrown));
        }
    }

    /**
     * Calls on a thread of its own and waits for the answer; a call that outlasts the bound is interrupted and left.
     *
     * @param what the end of the thread's name
     * @param loader the context loader of the call
     */
    public <T> Answer<T> call(String what, ClassLoader loader, Duration bound, Callable<T> foreign) {
        AtomicReference<@Nullable Answer<T>> answer = new AtomicReference<>();
        Task task = environment.start("cron-" + what, () -> answer.set(here(loader, foreign)));
        boolean isInTime;
        try {
            isInTime = task.join(bound);
            if (!isInTime) {
                task.interrupt();
            }
        } catch (InterruptedException e) {
            task.interrupt();
            Thread.currentThread().interrupt();
            return new Answer<>(Optional.empty(), Optional.of("was interrupted"), Optional.of(e));
        }
        Answer<T> given = answer.get();
        return isInTime && given != null
                ? given
                : new Answer<>(
                        Optional.empty(),
                        Optional.of("did not return within " + DurationText.format(bound)),
                        Optional.empty());
    }

    /** Calls on this thread, without a bound: for work that has a thread of its own. */
    public static <T> Answer<T> here(ClassLoader loader, Callable<T> foreign) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            return Answer.of(Objects.requireNonNull(foreign.call(), "null was returned"));
        } catch (Throwable thrown) {
            return Answer.threw(thrown);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** The context loader for calls of the class's objects. */
    public static ClassLoader loaderOf(Class<?> type) {
        ClassLoader own = type.getClassLoader();
        return own == null ? ClassLoader.getSystemClassLoader() : own;
    }

    /** What was thrown, as a clause for people. */
    public static String words(Throwable thrown) {
        Throwable root = thrown;
        while (root instanceof ServiceConfigurationError && root.getCause() != null) {
            root = root.getCause();
        }
        String named = root.getClass().getSimpleName() + (root.getMessage() == null ? "" : ": " + root.getMessage());
        Throwable cause = root.getCause();
        if (root instanceof ExceptionInInitializerError && cause != null) {
            return "could not be initialised (" + cause + ")";
        }
        if (root instanceof NoClassDefFoundError && cause instanceof ExceptionInInitializerError) {
            return "could not be initialised earlier (" + cause.getMessage() + ")";
        }
        if (root instanceof UnsupportedClassVersionError) {
            return "was compiled for a newer Java than this one, "
                    + Runtime.version().feature() + " (" + named + ")";
        }
        if (root instanceof ClassFormatError) {
            return "has a damaged class (" + named + ")";
        }
        if (root instanceof LinkageError) {
            return "was built for another version of cron-api or lacks a library (" + named
                    + "); use a build of it for cron-api " + ApiVersion.CURRENT;
        }
        if (root instanceof ServiceConfigurationError) {
            return String.valueOf(root.getMessage());
        }
        return isFault(root) ? "threw " + named : FAILED + PlainWords.of(root);
    }

    /** Whether it shows a mistake of the program, for whose author its class says more than its message. */
    private static boolean isFault(Throwable thrown) {
        return thrown instanceof Error
                || thrown instanceof NullPointerException
                || thrown instanceof ClassCastException
                || thrown instanceof IndexOutOfBoundsException
                || thrown instanceof UnsupportedOperationException
                || !(thrown instanceof FileSystemException)
                        && (thrown.getMessage() == null || thrown.getMessage().isBlank());
    }
}
