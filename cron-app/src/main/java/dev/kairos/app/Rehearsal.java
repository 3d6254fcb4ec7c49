package dev.kairos.app;

import dev.kairos.api.env.Environment;
import dev.kairos.app.logging.HomeLogProvider;
import dev.kairos.app.terminal.Streams;
import dev.kairos.builtin.system.SystemEnvironment;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;

/**
 * Walks once through what people type most, unseen and in a throw-away home. The launcher runs it to learn which classes
 * a start needs, and keeps them in an archive for all later starts. A command that fails here only teaches less.
 */
final class Rehearsal {
    private static final List<List<String>> WALK = List.of(
            List.of("--help"),
            List.of("add", "every 1h", "--name", "rehearsal", "--script", "rehearsal.sh", "--no-agent"),
            List.of("add", "0 9 * * MON-FRI", "a morning note", "--name", "morning", "--deliver", "local"),
            List.of("list"),
            List.of("list", "--json"),
            List.of("show", "morning"),
            List.of("next", "0 9 * * *"),
            List.of("runs"),
            List.of("status"),
            List.of("pause", "morning"),
            List.of("remove", "morning"));

    private Rehearsal() {}

    /**
     * Runs the walk.
     *
     * @param args the throw-away home
     */
    public static void main(String[] args) {
        HomeLogProvider.choose();
        Environment environment = new SystemEnvironment();
        HeadStart.begin(new String[] {"list"}, environment);
        Streams.ofProcess(() -> environment);
        var unseen = new PrintStream(OutputStream.nullOutputStream());
        for (List<String> words : WALK) {
            Kairos.run(
                    words.toArray(String[]::new),
                    InputStream.nullInputStream(),
                    unseen,
                    unseen,
                    Map.of("HOME", args[0], "KAIROS_HOME", args[0]));
        }
    }
}
