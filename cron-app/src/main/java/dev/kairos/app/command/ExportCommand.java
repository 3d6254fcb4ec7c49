package dev.kairos.app.command;

import dev.kairos.orchestrator.mirror.JobsMirror;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/** {@code kairos export}. */
final class ExportCommand extends Command {
    @Override
    List<String> description() {
        return List.of(
                "Writes the jobs to a file; - is standard output.",
                "Without FILE it writes cron/jobs.json anew, even a damaged one, which is kept beside it.");
    }

    @Override
    List<String> examples() {
        return List.of("kairos export backup-of-jobs.json", "kairos export -");
    }

    @Override
    void define(CommandSpec spec) {
        spec.addPositional(Options.optional(0, "FILE", "where to; - for standard output"));
    }

    @Override
    int run(Arguments arguments, Session session) {
        JobsMirror mirror = session.existing().anyMirror();
        Optional<String> target = arguments.positional(0);
        if (target.filter("-"::equals).isPresent()) {
            session.io().out().println(mirror.exportText().stripTrailing());
            return ExitCode.DONE;
        }
        Path written = mirror.export(target.map(Path::of).map(Path::toAbsolutePath));
        session.document(Map.of("file", written.toString()));
        session.say("Wrote " + written);
        return ExitCode.DONE;
    }
}
