package dev.kairos.app.command;

import dev.kairos.api.InvalidInputException;
import dev.kairos.app.terminal.Json;
import dev.kairos.orchestrator.mirror.JobsMirror;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/** {@code kairos export}. */
final class ExportCommand extends Command {
    @Override
    List<String> description() {
        return List.of(
                "Writes the jobs to a file; - is standard output. A file that holds jobs is written anew, another one",
                "only with --overwrite.",
                "Without FILE it writes cron/jobs.json anew, even a damaged one, which is kept beside it.");
    }

    @Override
    List<String> examples() {
        return List.of("kairos export backup-of-jobs.json", "kairos export -");
    }

    @Override
    void define(CommandSpec spec) {
        spec.addPositional(Options.optional(0, "FILE", "where to; - for standard output"));
        spec.addOption(Options.flag("write over a file that holds something else", "--overwrite"));
    }

    @Override
    int run(Arguments arguments, Session session) {
        Optional<String> target = arguments.positional(0);
        // a copy of the jobs changes none of them; jobs.json itself speaks for a person
        JobsMirror mirror = (target.isPresent() ? session.existing() : session.existingWritable()).anyMirror();
        if (target.filter("-"::equals).isPresent()) {
            session.io().out().println(mirror.exportText().stripTrailing());
            return ExitCode.DONE;
        }
        Optional<Path> file = target.map(Path::of).map(Path::toAbsolutePath);
        boolean wasThere = file.filter(Files::exists).isPresent();
        file.ifPresent(path -> check(path, arguments.has("--overwrite")));
        JobsMirror.Exported exported = mirror.export(file);
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("file", exported.file().toString());
        exported.kept().ifPresent(copy -> tree.put("kept", copy.toString()));
        session.document(tree);
        session.say((wasThere ? "Wrote over " : "Wrote ") + exported.file());
        exported.kept()
                .ifPresent(copy -> session.say("What it held could not be read and is kept as " + copy
                        + "; take from it what you miss, then delete it."));
        return ExitCode.DONE;
    }

    private static void check(Path file, boolean mayOverwrite) {
        Path parent = file.getParent();
        if (Files.isDirectory(file)) {
            throw CommandFailure.failed(file + " is a folder", "name a file in it: " + file.resolve("jobs.json"));
        }
        if (parent != null && !Files.isDirectory(parent)) {
            throw CommandFailure.failed("there is no folder " + parent, "make it, or choose another");
        }
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw CommandFailure.failed(file + " is no ordinary file", "name another; - is standard output");
        }
        if (Files.exists(file) && !mayOverwrite && !holdsJobs(file)) {
            throw CommandFailure.failed(
                    file + " is there and holds no jobs", "choose another name, or write over it with --overwrite");
        }
    }

    private static boolean holdsJobs(Path file) {
        try {
            return Json.object(file.toString(), Files.readString(file)).containsKey("jobs");
        } catch (IOException | InvalidInputException e) {
            return false;
        }
    }
}
