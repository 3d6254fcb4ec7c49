package dev.kairos.orchestrator.jobs;

import dev.kairos.api.env.Environment;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What to tell a person about a script or a folder that is not there yet. */
final class PathNotes {
    /** The fields that name a path. */
    static final Set<JobField<?>> FIELDS = Set.of(JobField.SCRIPT, JobField.WORKDIR);

    private PathNotes() {}

    /** What is missing of the paths in these fields. */
    static List<String> of(
            JobDefinition definition, Set<? extends JobField<?>> fields, JobRules rules, Environment environment) {
        List<String> notes = new ArrayList<>();
        if (rules.scripts().isEmpty()) { // the job's paths are another machine's
            return notes;
        }
        if (fields.contains(JobField.SCRIPT)) {
            definition
                    .get(JobField.SCRIPT)
                    .map(rules.scripts().get()::resolve)
                    .flatMap(file ->
                            missing("script", file, "; put the script there before the job is due.", environment))
                    .ifPresent(notes::add);
        }
        if (fields.contains(JobField.WORKDIR)) {
            definition
                    .get(JobField.WORKDIR)
                    .filter(folder -> !folder.isBlank() && !folder.startsWith("~"))
                    .map(Path::of)
                    .flatMap(folder ->
                            missing("working folder", folder, "; make the folder before the job is due.", environment))
                    .ifPresent(notes::add);
        }
        return notes;
    }

    private static Optional<String> missing(String what, Path path, String advice, Environment environment) {
        try {
            return environment.files().modifiedAt(path).isPresent()
                    ? Optional.empty()
                    : Optional.of("There is no " + path + " yet" + advice);
        } catch (IOException e) {
            return Optional.of("The " + what + " " + path + " cannot be looked at: " + e.getMessage());
        }
    }
}
