package dev.kairos.app.command;

import dev.kairos.api.job.EngineState;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobField;
import dev.kairos.api.schedule.Schedule;
import dev.kairos.app.terminal.TextWidth;
import dev.kairos.orchestrator.jobs.JobChange;
import dev.kairos.orchestrator.schedule.ParsedSchedule;
import dev.kairos.orchestrator.schedule.SchedulePreview;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Says what a change did. */
final class Echo {
    private static final int INSTANTS = 3;

    private final Session session;

    Echo(Session session) {
        this.session = session;
    }

    /** The change in a line, its notes, and its JSON. */
    void change(String did, JobChange change) {
        if (session.isJson()) {
            session.document(tree(change));
            return;
        }
        session.say((change.changed() ? did : "Nothing to change:") + " " + title(change.job()));
        change.notes().forEach(session::say);
    }

    /** The change with what was understood of its schedule. */
    void withSchedule(String did, JobChange change, List<String> scheduleNotes) {
        Schedule schedule = change.job().definition().schedule();
        Instant now = session.now();
        EngineState engine = change.job().engine();
        int left = change.job().definition().get(JobField.REPEAT, Integer.MAX_VALUE) - engine.completedCount();
        SchedulePreview preview = SchedulePreview.standing(
                new ParsedSchedule(schedule, scheduleNotes), engine.nextRunAt(), Math.max(0, Math.min(INSTANTS, left)));
        if (session.isJson()) {
            Map<String, Object> tree = tree(change);
            tree.put("understood", ScheduleEcho.tree(schedule, preview));
            tree.put("live_nodes", LiveNodes.count(session));
            session.document(tree);
            return;
        }
        session.say((change.changed() ? did : "Nothing to change:") + " " + title(change.job()));
        ScheduleEcho.lines(schedule, preview, now).forEach(session::say);
        if (preview.next().isEmpty()) {
            session.say("  it is " + engine.state().word() + " and not due again; a new schedule, or a higher --repeat,"
                    + " lets it be");
        }
        change.notes().forEach(session::say);
        LiveNodes.remark(session);
    }

    private static Map<String, Object> tree(JobChange change) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("job", JobTree.of(change.job()));
        tree.put("changed", change.changed());
        tree.put("notes", change.notes());
        return tree;
    }

    /** The id, with the name where there is one. */
    static String title(Job job) {
        String name = TextWidth.plain(job.definition().name());
        return name.isEmpty() ? job.id() : job.id() + " \"" + name + "\"";
    }
}
