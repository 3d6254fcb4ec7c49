package dev.kairos.app.terminal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The streams and the environment variables a command works with, and whether a person sits at the other end. One
 * thread uses it at a time.
 *
 * <p>Status: internal.
 */
public final class Io {
    private static final int NARROWEST = 20;

    private final InputStream in;
    private final PrintStream out;
    private final PrintStream err;
    private final Map<String, String> environment;
    private final Terminals terminals;
    private final Supplier<Optional<Integer>> terminalColumns;
    private @Nullable BufferedReader reader;

    /** Which of the three streams is a terminal. */
    public record Terminals(boolean in, boolean out, boolean err) {
        /** None: a pipe, a file, a test. */
        public static final Terminals NONE = new Terminals(false, false, false);
        /** A person at each end. */
        public static final Terminals ALL = new Terminals(true, true, true);
    }

    /**
     * Takes the streams; it never closes them.
     *
     * @param environment the environment variables
     */
    public Io(InputStream in, PrintStream out, PrintStream err, Map<String, String> environment, Terminals terminals) {
        this(in, out, err, environment, terminals, Optional::empty);
    }

    Io(
            InputStream in,
            PrintStream out,
            PrintStream err,
            Map<String, String> environment,
            Terminals terminals,
            Supplier<Optional<Integer>> terminalColumns) {
        this.in = Objects.requireNonNull(in);
        this.out = Objects.requireNonNull(out);
        this.err = Objects.requireNonNull(err);
        this.environment = Map.copyOf(environment);
        this.terminals = Objects.requireNonNull(terminals);
        this.terminalColumns = Objects.requireNonNull(terminalColumns);
    }

    /** Standard output: the command's result and nothing else. */
    public PrintStream out() {
        return out;
    }

    /**
     * Writes what is buffered of standard output, and answers why something of it was lost; empty if nothing was, or if its
     * reader left before the end.
     */
    public Optional<String> lostOutput() {
        return WatchedOutput.lost(out);
    }

    /** Standard error: errors, warnings, progress. */
    public PrintStream err() {
        return err;
    }

    /** Standard input as UTF-8 lines. */
    public BufferedReader in() {
        BufferedReader made = reader;
        if (made == null) {
            made = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8), 1 << 16);
            reader = made;
        }
        return made;
    }

    /** Standard input as it is, for a protocol; nothing else may have read of it. */
    public InputStream raw() {
        return in;
    }

    /**
     * All of standard input, for a command that takes a whole file from it.
     *
     * @throws IOException if it cannot be read
     */
    public byte[] bytes() throws IOException {
        return in.readAllBytes();
    }

    /** An environment variable that is set and not blank. */
    public Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).map(String::strip).filter(value -> !value.isEmpty());
    }

    /** All environment variables. */
    public Map<String, String> variables() {
        return environment;
    }

    /** Whether somebody can be asked: a person types and reads. */
    public boolean isInteractive() {
        return terminals.in() && terminals.out();
    }

    /** Whether standard output may carry colour. */
    public boolean hasColour() {
        return terminals.out()
                && variable("NO_COLOR").isEmpty()
                && !variable("TERM").filter("dumb"::equals).isPresent();
    }

    /** The columns a line may take, at least 20; empty where nothing bounds it. */
    public Optional<Integer> width() {
        Optional<Integer> columns = variable("COLUMNS").flatMap(Io::wholeNumber);
        if (columns.isEmpty() && terminals.out()) {
            columns = terminalColumns.get();
        }
        return columns.map(count -> Math.max(NARROWEST, count));
    }

    static Optional<Integer> wholeNumber(String text) {
        if (text.isEmpty() || text.length() > 5 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Optional.empty();
        }
        int number = Integer.parseInt(text);
        return number == 0 ? Optional.empty() : Optional.of(number);
    }
}
