package dev.kairos.app.command;

import dev.kairos.orchestrator.mirror.JobsMirror;
import dev.kairos.orchestrator.mirror.MirrorReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/** {@code kairos import}. */
final class ImportCommand extends Command {
    @Override
    List<String> description() {
        return List.of(
                "Takes the jobs of a file, with where they stand; another tool's file too.",
                "A job whose id is here already is passed over and named.");
    }

    @Override
    List<String> examples() {
        return List.of("kairos import old-jobs.json", "kairos import -");
    }

    @Override
    void define(CommandSpec spec) {
        spec.addPositional(Options.required(0, "FILE", "a file of jobs in JSON; - for standard input"));
    }

    @Override
    int run(Arguments arguments, Session session) throws IOException {
        OpenHome home = session.keeping();
        JobsMirror mirror = home.anyMirror();
        String source = arguments.required(0);
        if (!source.equals("-") && !Files.exists(Path.of(source))) {
            throw CommandFailure.notFound("there is no file " + source, "give the path of a file of jobs");
        }
        MirrorReport report = source.equals("-")
                ? mirror.importText("standard input", session.io().bytes())
                : mirror.importFile(Path.of(source));
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("created", report.created());
        tree.put("set_aside", report.setAside());
        tree.put("skipped", report.skipped());
        tree.put("messages", report.messages());
        session.document(tree);
        session.say("Imported " + report.created().size() + ", set aside "
                + report.setAside().size() + ", passed over " + report.skipped().size() + ".");
        report.messages().forEach(session::say);
        LiveNodes.remark(session);
        return report.created().isEmpty() && !report.setAside().isEmpty() ? ExitCode.FAILED : ExitCode.DONE;
    }
}
