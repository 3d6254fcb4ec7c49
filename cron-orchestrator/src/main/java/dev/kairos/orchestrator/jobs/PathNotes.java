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

/** What to tell a person about a script or a folder that is not there yet, or a script that leads elsewhere. */
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
                    .flatMap(file -> missing(
                                    "script", file, "; put the script there before the job is due.", environment)
                            .or(() -> outside(file, rules.scripts().get())))
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

    /** A link, of the script or of a folder on the way to it, that leaves the scripts folder: it will not be run. */
    private static Optional<String> outside(Path script, Path scripts) {
        try {
            Path real = script.toRealPath();
            return real.startsWith(scripts.toRealPath())
                    ? Optional.empty()
                    : Optional.of("The script " + script + " is a link to " + real + ", outside the scripts folder, and"
                            + " will not be run; put the file itself there before the job is due.");
        } catch (IOException e) {
            return Optional.empty(); // it went away meanwhile
        }
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
