package dev.kairos.app.command;

import dev.kairos.api.env.Signal;
import dev.kairos.api.event.CronEvent;
import dev.kairos.builtin.CronRuntime;
import dev.kairos.builtin.ProviderStatus;
import dev.kairos.builtin.RuntimeStatus;
import dev.kairos.builtin.system.Termination;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/** {@code kairos serve}. */
final class ServeCommand extends Command {
    private static final Duration LONG = Duration.ofHours(1);
    private static final Duration LOOK = Duration.ofSeconds(2);

    @Override
    List<String> description() {
        return List.of(
                "The daemon: fires whatever is due until it is asked to end (SIGTERM or Ctrl-C). Then it claims",
                "nothing more, gives runs 30 s and deliveries 15 s, and leaves. Several may serve one home.",
                "With any key of server in config.yaml it answers HTTP too: health, status, MCP (docs/server.md).");
    }

    @Override
    List<String> examples() {
        return List.of("kairos serve", "kairos serve --home /srv/kairos -v");
    }

    @Override
    void define(CommandSpec spec) {
        // nothing beside the common options
    }

    @Override
    int run(Arguments arguments, Session session) throws Exception {
        session.listener(event -> failing(session, event));
        CronRuntime runtime = session.writable().runtime();
        session.settled(); // while it lives it registers by itself, and its store is closed afterwards
        Signal end = session.environment().newSignal();
        Termination asked = Termination.onRequest(end::raise, ExitCode.DONE);
        HttpService http = new HttpService(session, runtime);
        try {
            runtime.start();
            http.look();
            ready(session, runtime.status(), http);
            waitFor(end, http);
            session.say("Stopping: no new claims; runs get 30 s, deliveries 15 s.");
            session.io().out().flush();
        } finally {
            http.close(); // first: whoever calls is told to come again, while what he asked for last is still done
            runtime.stop();
            runtime.close();
            if (!runtime.unrecorded().isEmpty()) {
                session.note("the store or the disk refused to the end what became of "
                        + String.join(", ", runtime.unrecorded())
                        + ": the next start closes each as unknown; make room or mend the store first");
                asked.endWith(ExitCode.FAILED);
            }
            session.say("Stopped.");
            session.io().out().flush();
            asked.close();
        }
        return runtime.unrecorded().isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
    }

    /** One line when passes begin to fail and one when they work again; between those the log has the rest. */
    private static void failing(Session session, CronEvent event) {
        if (event.name().equals("cron.ticker-failing")) {
            String error = String.valueOf(event.details().getOrDefault("error", ""));
            session.note("a pass failed and is tried again: "
                    + error.replaceFirst("\\.$", "")
                    + "; see "
                    + session.home().resolve("logs").resolve("kairos.log"));
        } else if (event.name().equals("cron.ticker-recovered")) {
            session.note("passes work again");
        }
    }

    /** Until the end is asked for, or the thread is interrupted. */
    private static void waitFor(Signal end, HttpService http) {
        Duration step = http.mayBeWanted() ? LOOK : LONG;
        try {
            while (!end.await(step)) {
                http.look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void ready(Session session, RuntimeStatus status, HttpService http) {
        ProviderStatus provider = status.provider();
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("node", status.node().orElse(""));
        tree.put("provider", provider.name());
        tree.put("asked", provider.asked());
        provider.fallbackReason().ifPresent(reason -> tree.put("fallback_reason", reason));
        tree.put("jobs", status.counts().jobs());
        http.url().ifPresent(url -> tree.put("http", url));
        session.jsonLine(tree);
        session.say("Ready: node " + status.node().orElse("?") + ", provider " + provider.name() + ", "
                + status.counts().jobs() + " jobs, home " + session.home() + ". Ctrl-C ends it.");
        provider.fallbackReason().ifPresent(session::note);
        session.io().out().flush();
    }
}
