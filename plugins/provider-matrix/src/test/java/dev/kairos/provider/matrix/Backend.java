package dev.kairos.provider.matrix;

import dev.kairos.builtin.system.SystemEnvironment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What stands behind one provider outside of the node: nothing, a database, a portal, the machine's cron. */
abstract class Backend implements AutoCloseable {
    /** The word in {@code cron.provider}. */
    abstract String provider();

    Map<String, String> settings() {
        return Map.of();
    }

    /** The engine refuses from now on. */
    void lose() throws IOException {
        throw new UnsupportedOperationException(provider() + " has no engine");
    }

    /** It is there again. */
    void mend() throws IOException {}

    /**
     * Whether it knows of these already, where it cannot make up for what it learns late: cron reads no line of a minute that
     * has begun. Hours pass at once here, and a change needs a second to get there.
     */
    boolean hasArmed(Map<String, Instant> due) throws IOException {
        return true;
    }

    /** What it has, for the message of a test that failed. */
    String told() {
        return "";
    }

    @Override
    public void close() {}

    static Backend builtin() {
        return new Backend() {
            @Override
            String provider() {
                return "builtin";
            }
        };
    }

    static Backend quartz() {
        return new OnDatabase("quartz", Map.of("cron.quartz.store", "jdbc", "cron.quartz.checkin_interval", "1s"));
    }

    static Backend dbScheduler() {
        return new OnDatabase("db-scheduler", Map.of("cron.db-scheduler.polling_interval", "PT0.2S"));
    }

    static Backend chronos(MovedMachine time) {
        return new OnPortal(time);
    }

    static Backend crontab(Path folder) {
        return new OnCron(folder);
    }

    private static final class OnDatabase extends Backend {
        private final String provider;
        private final Map<String, String> more;
        private final String database = Databases.fresh();

        OnDatabase(String provider, Map<String, String> more) {
            this.provider = provider;
            this.more = more;
        }

        @Override
        String provider() {
            return provider;
        }

        @Override
        Map<String, String> settings() {
            Map<String, String> settings = new HashMap<>(more);
            settings.put("cron." + provider + ".url", Databases.url(database));
            settings.put("cron." + provider + ".user", "postgres");
            return settings;
        }

        @Override
        void lose() {
            Databases.close(database);
        }

        @Override
        void mend() {
            Databases.open(database);
        }

        @Override
        String told() {
            return Databases.contents(database);
        }
    }

    private static final class OnPortal extends Backend {
        private final StandInPortal portal;
        private final int callback = freePort();

        OnPortal(MovedMachine time) {
            portal = new StandInPortal(time, new SystemEnvironment());
        }

        @Override
        String provider() {
            return "chronos";
        }

        @Override
        Map<String, String> settings() {
            return Map.of(
                    "cron.chronos.portal_url",
                    portal.url(),
                    "cron.chronos.callback_url",
                    "http://127.0.0.1:" + callback,
                    "cron.chronos.token",
                    "agent-token",
                    "cron.chronos.expected_audience",
                    StandInPortal.AUDIENCE,
                    "cron.chronos.public_key",
                    portal.publicKey());
        }

        @Override
        void lose() {
            portal.isAway(true);
        }

        @Override
        void mend() {
            portal.isAway(false);
        }

        @Override
        public void close() {
            portal.close();
        }

        private static int freePort() {
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** The {@code crontab} command is a script on a file; {@link StandInCron} reads the file. */
    private static final class OnCron extends Backend {
        private final Path program;
        private final Path table;

        OnCron(Path folder) {
            program = folder.resolve("crontab");
            table = folder.resolve("table");
            script("");
        }

        @Override
        String provider() {
            return "crontab";
        }

        @Override
        Map<String, String> settings() {
            return Map.of("cron.crontab.command", program.toString(), "cron.crontab.timezone", "UTC");
        }

        @Override
        void lose() {
            script("echo 'crontab: the spool cannot be opened' >&2; exit 1");
        }

        @Override
        void mend() {
            script("");
        }

        @Override
        boolean hasArmed(Map<String, Instant> due) throws IOException {
            List<String> lines = Files.exists(table) ? Files.readAllLines(table) : List.of();
            return due.entrySet().stream()
                    .allMatch(job -> lines.contains("# job " + job.getKey())
                            || lines.contains("# job " + job.getKey() + " at " + job.getValue()));
        }

        private void script(String first) {
            String text = String.join(
                    "\n",
                    "#!/bin/sh",
                    first,
                    "case $1 in",
                    "-l) [ -f '" + table + "' ] || { echo 'no crontab for somebody' >&2; exit 1; }; cat '" + table
                            + "' ;;",
                    "-) cat >'" + table + ".new' && mv '" + table + ".new' '" + table + "' ;;",
                    "esac",
                    "");
            try {
                Path fresh = Files.writeString(program.resolveSibling("crontab.new"), text);
                fresh.toFile().setExecutable(true);
                Files.move(fresh, program, StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
