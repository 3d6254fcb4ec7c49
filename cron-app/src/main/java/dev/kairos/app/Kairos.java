package dev.kairos.app;

import dev.kairos.api.env.Environment;
import dev.kairos.app.command.Dispatcher;
import dev.kairos.app.logging.HomeLogProvider;
import dev.kairos.app.terminal.Io;
import dev.kairos.app.terminal.Streams;
import dev.kairos.builtin.system.SystemEnvironment;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The {@code kairos} command.
 *
 * <p>Status: experimental since 0.1.
 */
public final class Kairos {
    private Kairos() {}

    /**
     * Runs one command of this process and ends the process with its exit code.
     *
     * @param args the words that were typed
     */
    public static void main(String[] args) {
        HomeLogProvider.choose();
        Environment environment = new SystemEnvironment();
        HeadStart.begin(args, environment);
        System.exit(run(args, Streams.ofProcess(always(environment)), environment));
    }

    /**
     * Runs one command on the machine's clock and with the given streams, none of them a terminal. Never throws, closes
     * no stream.
     *
     * @param args the words that were typed
     * @param env the environment variables
     * @return the exit code: 0 done, 1 failed or unhealthy, 2 wrong usage, 3 not found, 4 a fire that claimed nothing
     */
    public static int run(String[] args, InputStream in, PrintStream out, PrintStream err, Map<String, String> env) {
        return run(args, new Io(in, out, err, env, Io.Terminals.NONE), new SystemEnvironment());
    }

    static int run(String[] args, Io io, Environment environment) {
        return new Dispatcher(io, always(environment)).run(args);
    }

    /** One place for both: a lambda that {@link Rehearsal} does not reach is linked anew at each start. */
    private static Supplier<Environment> always(Environment environment) {
        return () -> environment;
    }
}
