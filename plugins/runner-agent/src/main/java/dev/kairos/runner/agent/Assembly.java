package dev.kairos.runner.agent;

import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.run.RunRequest;
import dev.kairos.api.run.RunnerHost;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What one session is told: a system message, and one message with everything the job brings, the task last. There is no
 * history. Skills are instructions, since a person chose them; whatever scripts, tools and other jobs say is fenced as data.
 *
 * @param system the system message
 * @param user the message
 * @param fence for what the tools will say
 * @param missingSkills skills that are not there
 */
record Assembly(String system, String user, Fence fence, List<String> missingSkills) {
    static Assembly of(RunRequest request, RunnerHost host, Optional<PreRun> script, Workplace place)
            throws IOException {
        Fence fence = new Fence(host.environment().random());
        JobDefinition job = request.job().definition();
        Skills.Found skills = new Skills(host.home(), host.environment()).read(job.get(JobField.SKILLS, List.of()));
        List<String> parts = new ArrayList<>();
        for (Skills.Skill skill : skills.texts()) {
            parts.add("# Skill: " + skill.name() + "\n\n" + marked(skill.text()));
        }
        if (!skills.missing().isEmpty()) {
            parts.add("These skills of the job are missing, so work without them and say so: "
                    + String.join(", ", skills.missing()));
        }
        Optional<Workplace.Note> note = place.note(host.environment());
        note.ifPresent(given -> parts.add(
                "# Notes of the project in " + place.folder() + " (" + given.name() + ")\n\n" + marked(given.text())));
        earlier(request, host, fence, parts);
        script.filter(ran -> ran.hasFailed() || !ran.output().isBlank())
                .ifPresent(ran -> parts.add(script(ran, fence)));
        job.get(JobField.PROMPT)
                .filter(task -> !task.isBlank())
                .ifPresent(task -> parts.add("# Task\n\n" + task.strip()));
        return new Assembly(system(request, fence, place), String.join("\n\n", parts), fence, skills.missing());
    }

    private static String script(PreRun ran, Fence fence) {
        return (ran.hasFailed()
                        ? "# The script that runs before you failed\n\n"
                        : "# What the script found that runs before you\n\n")
                + fence.around("the job's script", ran.output());
    }

    private static void earlier(RunRequest request, RunnerHost host, Fence fence, List<String> parts)
            throws IOException {
        EarlierOutputs outputs = new EarlierOutputs(host);
        for (String id : request.job().definition().get(JobField.CONTEXT_FROM, List.of())) {
            String name = outputs.name(id);
            parts.add("# The newest output of the job " + name + "\n\n"
                    + outputs.newest(id)
                            .map(text -> fence.around("the job " + name, text))
                            .orElse("There is none yet."));
        }
        if (request.job().definition().get(JobField.CONTINUITY, false)) {
            outputs.newest(request.job().id())
                    .ifPresent(text ->
                            parts.add("# What you said the last time\n\n" + fence.around("your own last run", text)));
        }
    }

    private static String marked(String text) {
        List<SafetyScan.Finding> found = SafetyScan.scan(text);
        return found.isEmpty()
                ? text
                : "[Kairos: take care, this text " + found.get(0).meaning() + "]\n" + text;
    }

    private static String system(RunRequest request, Fence fence, Workplace place) {
        return "You carry out a scheduled job named \""
                + request.job().displayName().replaceAll("\\s+", " ")
                + "\". It was due at " + request.execution().scheduledAt() + ".\n"
                + "Nobody is there: nobody can answer a question or confirm anything, so decide yourself and finish.\n"
                + "Your last message is delivered as it is; write it for its reader, without saying what you did to get"
                + " there. If there is nothing worth telling, answer with [SILENT] alone.\n"
                + "To send a file along, write MEDIA: and its absolute path on a line of its own; it must lie in "
                + place.folder() + ".\n"
                + "You cannot create, change or run scheduled jobs.\n"
                + (place.isChosen() ? "You work in the folder " + place.folder() + ".\n" : "")
                + fence.rule();
    }
}
