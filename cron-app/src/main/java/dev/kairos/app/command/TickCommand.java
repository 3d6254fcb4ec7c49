package dev.kairos.app.command;

import dev.kairos.api.job.Job;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.store.Abilities;
import dev.kairos.builtin.DueWork;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;

/** {@code kairos tick}. */
final class TickCommand extends Command {
    private static final Duration LONGEST = Duration.ofDays(7);

    @Override
    List<String> description() {
        return List.of(
                "Fires whatever is due now, waits for the runs and their deliveries, and ends.",
                "For a machine whose own cron calls it; the daemon (kairos serve) needs no tick.");
    }

    @Override
    List<String> examples() {
        return List.of("kairos tick", "kairos tick --json");
    }

    @Override
    void define(CommandSpec spec) {
        // nothing beside the common options
    }

    @Override
    int run(Arguments arguments, Session session) throws Exception {
        OpenHome home = session.writable();
        DueWork work;
        try (FiringHere here = FiringHere.join(session, home.runtime())) {
            work = here.runtime().runDue(LONGEST);
        }
        List<Execution> rows = work.fired().stream()
                .flatMap(id -> home.store().ledger().find(id).stream())
                .toList();
        Map<String, Job> jobs = Stream.concat(rows.stream().map(Execution::jobId), work.unable().stream())
                .distinct()
                .flatMap(id -> home.store().jobs().find(id).stream())
                .collect(Collectors.toMap(Job::id, job -> job));
        List<MissingPlatform> missing =
                MissingPlatform.beside(home.store(), home.runtime().platforms());
        document(session, work, rows, missing);
        session.say("Fired " + work.fired().size() + ", deliveries " + work.deliveries() + ", skipped " + work.skipped()
                + ", recovered " + work.recovered() + ".");
        if (!rows.isEmpty()) {
            RunsTable.of(rows, jobs, session)
                    .lines(session.io().width(), session.style())
                    .forEach(session::say);
        }
        for (String id : work.unable()) {
            Job job = jobs.get(id);
            if (job != null) {
                session.say(session.style()
                        .odd("Cannot run " + Echo.title(job) + " here: it needs "
                                + Abilities.neededBy(job.definition())));
            }
        }
        missing.forEach(one -> session.say(session.style().odd("Cannot deliver from here: " + one.waiting() + ".")));
        return ExitCode.DONE;
    }

    private static void document(Session session, DueWork work, List<Execution> rows, List<MissingPlatform> missing) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("fired", rows.stream().map(ExecutionTree::of).toList());
        tree.put("deliveries", work.deliveries());
        tree.put("skipped", work.skipped());
        tree.put("recovered", work.recovered());
        tree.put("unable", work.unable());
        tree.put(
                "undeliverable", missing.stream().map(MissingPlatform::platform).toList());
        tree.put("finished", work.isFinished());
        session.document(tree);
    }
}
