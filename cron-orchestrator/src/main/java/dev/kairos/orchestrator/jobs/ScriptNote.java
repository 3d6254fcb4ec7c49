package dev.kairos.orchestrator.jobs;

import dev.kairos.api.env.Environment;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** What to tell a person about a script that is not there yet. */
final class ScriptNote {
    private ScriptNote() {}

    static Optional<String> of(JobDefinition definition, JobRules rules, Environment environment) {
        Optional<String> script = definition.get(JobField.SCRIPT);
        if (script.isEmpty() || rules.scripts().isEmpty()) {
            return Optional.empty();
        }
        Path file = rules.scripts().get().resolve(script.get());
        try {
            return environment.files().modifiedAt(file).isPresent()
                    ? Optional.empty()
                    : Optional.of("There is no " + file + " yet; put the script there before the job is due.");
        } catch (IOException e) {
            return Optional.of("The script " + file + " cannot be looked at: " + e.getMessage());
        }
    }
}
