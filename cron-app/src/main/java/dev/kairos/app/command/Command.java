package dev.kairos.app.command;

import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** One command of {@code kairos}: its arguments, its examples and what it does. Made anew for each call. */
abstract class Command {
    /** What it does, sentences for its help text. */
    abstract List<String> description();

    /** Whole command lines that work as they stand, each followed by what it does after two blanks and a hash. */
    abstract List<String> examples();

    /** Adds its own options and positional parameters; the common ones are there already. */
    abstract void define(CommandSpec spec);

    /**
     * Does it.
     *
     * @return the exit code
     * @throws Exception any trouble; the caller says it in plain words
     */
    abstract int run(Arguments arguments, Session session) throws Exception;
}
