package dev.kairos.builtin.cronjob;

import dev.kairos.api.job.EngineState;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobField;
import dev.kairos.api.schedule.Schedule;
import dev.kairos.orchestrator.schedule.ParsedSchedule;
import dev.kairos.orchestrator.schedule.SchedulePreview;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Jobs and schedules as the tool's answers show them: the names of {@code jobs.json}, instants in UTC.
 *
 * @param home says what a schedule means
 * @param mine who created the jobs that are shown whole
 */
record CronjobWords(CronjobHome home, String mine) {
    private static final List<JobField<?>> OF_ONES_OWN = List.of(
            JobField.PROMPT,
            JobField.SKILLS,
            JobField.TAGS,
            JobField.DELIVER,
            JobField.FAILURE_DELIVER,
            JobField.ORIGIN);

    boolean isMine(Job job) {
        return mine.equals(job.definition().unknown().get("created_by"));
    }

    /** What somebody else's job is told to do stays theirs. */
    Map<String, Object> job(Job job, boolean isWhole) {
        EngineState engine = job.engine();
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("id", job.id());
        tree.put("name", job.definition().name());
        tree.put("state", engine.state().word());
        engine.nextRunAt().ifPresent(at -> tree.put("next_run_at", instant(at)));
        engine.lastRun().at().ifPresent(at -> tree.put("last_run_at", instant(at)));
        engine.lastRun().status().ifPresent(status -> tree.put("last_status", status));
        if (isWhole) {
            Map<String, Object> defined = job.definition().toMap();
            OF_ONES_OWN.stream()
                    .map(JobField::key)
                    .filter(defined::containsKey)
                    .forEach(key -> tree.put(key, defined.getOrDefault(key, "")));
            Map<String, Object> repeat = new LinkedHashMap<>();
            job.definition().get(JobField.REPEAT).ifPresent(times -> repeat.put("times", times));
            repeat.put("completed", engine.completedCount());
            tree.put("repeat", repeat);
            engine.lastRun().error().ifPresent(error -> tree.put("last_error", error));
        }
        tree.put(
                "schedule",
                job.definition().get(JobField.SCHEDULE).map(this::sentence).orElse(""));
        tree.put("yours", isMine(job));
        job.definition().get(JobField.PAUSED_REASON).ifPresent(why -> tree.put("paused_reason", why));
        return tree;
    }

    private String sentence(Schedule schedule) {
        return home.sentence(schedule, SchedulePreview.of(new ParsedSchedule(schedule, List.of()), Instant.EPOCH, 0));
    }

    /** What was understood of a schedule. */
    Map<String, Object> understood(Schedule schedule, SchedulePreview preview) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("kind", preview.kind().word());
        tree.put("display", preview.display());
        tree.put("timezone", schedule.zone().getId());
        tree.put("sentence", home.sentence(schedule, preview));
        tree.put(
                "next",
                preview.next().stream().map(time -> instant(time.toInstant())).toList());
        tree.put("notes", preview.notes());
        return tree;
    }

    static String instant(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MILLIS).toString();
    }
}
