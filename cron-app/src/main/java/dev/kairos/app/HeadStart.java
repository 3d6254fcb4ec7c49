package dev.kairos.app;

import dev.kairos.api.env.Environment;
import dev.kairos.store.jdbc.SqliteStoreFactory;
import java.util.Set;

/**
 * What nearly every command needs a moment later, loaded meanwhile by a second thread: a third of a short command's time
 * would go into opening its first database.
 */
final class HeadStart {
    /** They open no home. */
    private static final Set<String> WITHOUT_HOME =
            Set.of("version", "--version", "help", "--help", "-h", "completion", "next");

    private HeadStart() {}

    /**
     * Begins it, unless the command opens no home. The thread is a daemon: no command waits for it.
     *
     * @param args the words that were typed
     */
    static void begin(String[] args, Environment environment) {
        if (args.length == 0 || WITHOUT_HOME.contains(args[0])) {
            return;
        }
        try {
            environment.start("head-start", SqliteStoreFactory::prepare);
        } catch (RuntimeException | Error e) {
            return; // no thread can be had: the command does without, and opening a log here would cost every start
        }
    }
}
