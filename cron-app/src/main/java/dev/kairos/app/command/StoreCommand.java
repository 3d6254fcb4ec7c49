package dev.kairos.app.command;

import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.StoreException;
import dev.kairos.builtin.CopiedOutputs;
import dev.kairos.builtin.StoreContents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/** {@code kairos store}. */
final class StoreCommand extends Command {
    private static final List<String> VERBS = List.of("check", "backup", "migrate");

    @Override
    List<String> description() {
        return List.of(
                "check looks for damage and says how much the store holds.",
                "backup writes all of it into a new SQLite file, while everything runs.",
                "migrate copies all of one store into another that is empty; nothing may fire on either. Started again, it"
                        + " goes on where it ended. The source is only read.");
    }

    @Override
    List<String> examples() {
        return List.of(
                "kairos store check",
                "kairos store backup state-of-monday.db",
                "kairos store migrate --from jdbc:sqlite:cron/state.db --to jdbc:postgresql://db/app?user=kairos");
    }

    @Override
    void define(CommandSpec spec) {
        spec.addPositional(Options.required(0, "VERB", "check, backup or migrate"));
        spec.addPositional(Options.optional(1, "FILE", "with backup: where to; the file must not be there yet"));
        spec.addOption(Options.value("URL", "with migrate: the store to read; without it the home's own", "--from"));
        spec.addOption(Options.value(
                "URL", "with migrate: the store to fill; ${file:PATH} and ${NAME} are filled in", "--to"));
    }

    @Override
    int run(Arguments arguments, Session session) throws IOException {
        String verb = arguments.required(0);
        switch (verb) {
            case "check":
                requireNone(arguments, "check looks at the home's own store; KAIROS_STORE_URL=URL names another");
                return check(session);
            case "backup":
                return backup(arguments, session);
            case "migrate":
                requireNone(arguments, "kairos store migrate --from URL --to URL");
                return migrate(arguments, session);
            default:
                throw CommandFailure.usage(
                        "kairos store does not know " + verb, "it knows " + String.join(", ", VERBS));
        }
    }

    /** A file that is named and not looked at would be thought to be sound. */
    private static void requireNone(Arguments arguments, String instead) {
        if (arguments.positional(1).isPresent()) {
            throw CommandFailure.usage("this takes no " + arguments.required(1), instead);
        }
    }

    private static int check(Session session) {
        JobStore store;
        try {
            store = examined(session);
        } catch (StoreException refusal) {
            return damaged(DamagedStore.findings(session, refusal), session);
        }
        List<String> wrong = store.check();
        StoreContents contents;
        try {
            contents = StoreTransfer.contents(store);
        } catch (StoreException refusal) {
            if (wrong.isEmpty()) {
                throw refusal;
            }
            return damaged(wrong, session);
        }
        Map<String, Object> tree = tree(contents);
        tree.put("wrong", wrong);
        session.document(tree);
        session.say(words(contents));
        wrong.forEach(session::say);
        session.say(wrong.isEmpty() ? "Nothing is wrong." : DamagedStore.advice(session));
        return wrong.isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
    }

    /** Nothing can be counted in it. */
    private static int damaged(List<String> wrong, Session session) {
        session.document(Map.of("wrong", wrong));
        session.say("It is damaged, and how much it holds cannot be told.");
        wrong.forEach(session::say);
        session.say(DamagedStore.advice(session));
        return ExitCode.FAILED;
    }

    private static int backup(Arguments arguments, Session session) throws IOException {
        Path file = Path.of(arguments
                        .positional(1)
                        .orElseThrow(() ->
                                CommandFailure.usage("backup needs the name of a file", "kairos store backup FILE")))
                .toAbsolutePath();
        if (Files.exists(file)) {
            throw CommandFailure.failed(file + " is there already", "name a file that is not, or move it away");
        }
        WritableFolder.require(file);
        JobStore store = examined(session);
        StoreTransfer.Copied copied = new StoreTransfer(session).backup(store, file);
        Map<String, Object> tree = tree(copied);
        tree.put("file", file.toString());
        session.document(tree);
        session.say("Wrote " + file + ": " + words(copied.contents()));
        outputs(copied).forEach(session::say);
        session.say("Back again: kairos store migrate --from jdbc:sqlite:" + file + " --to URL, into an empty store.");
        return ExitCode.DONE;
    }

    private static int migrate(Arguments arguments, Session session) {
        session.refuseWithinRun();
        String to = arguments
                .text("--to")
                .orElseThrow(() -> CommandFailure.usage(
                        "migrate needs the store to fill", "kairos store migrate [--from URL] --to URL"));
        StoreTransfer transfer = new StoreTransfer(session);
        StoreTransfer.Copied copied = transfer.migrate(arguments.text("--from"), to);
        session.document(tree(copied));
        session.say("Copied, and compared: " + words(copied.contents()));
        outputs(copied).forEach(session::say);
        session.say(
                transfer.isOwn(to)
                        ? "This home works on it: start again."
                        : "Set store.url in " + session.home().resolve("config.yaml")
                                + " to the new store, then start again.");
        return ExitCode.DONE;
    }

    private static JobStore examined(Session session) {
        return session.examined().orElseThrow(() -> StoreFile.absent(session)).store();
    }

    private static Map<String, Object> tree(StoreTransfer.Copied copied) {
        Map<String, Object> tree = tree(copied.contents());
        tree.put("outputs", copied.outputs().copied() + copied.beside());
        tree.put("files", copied.outputs().files());
        tree.put("outputs_left", copied.left());
        tree.put("outputs_lost", copied.outputs().lost());
        return tree;
    }

    private static List<String> outputs(StoreTransfer.Copied copied) {
        List<String> lines = new ArrayList<>();
        CopiedOutputs outputs = copied.outputs();
        long all = outputs.copied() + copied.beside();
        if (all > 0) {
            lines.add("With it: " + all + " outputs"
                    + (copied.beside() > 0 ? ", as files in cron/output of this home," : ",") + " and "
                    + outputs.files() + " files that they name.");
        }
        if (copied.left() > 0) {
            lines.add(
                    "Not in it: " + copied.left() + " outputs that no delivery waits for. They are files in cron/output"
                            + " of the home that ran them; keep a copy of that folder too.");
        }
        if (outputs.lost() > 0) {
            lines.add(outputs.lost() + " outputs whose deliveries are not done are there no more; those deliveries will"
                    + " be given up.");
        }
        return lines;
    }

    private static Map<String, Object> tree(StoreContents contents) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("jobs", contents.jobs());
        tree.put("executions", contents.executions());
        tree.put("deliveries", contents.deliveries());
        tree.put("digest", contents.digest());
        return tree;
    }

    private static String words(StoreContents contents) {
        return contents.jobs() + " jobs, " + contents.executions() + " executions, " + contents.deliveries()
                + " deliveries, digest " + contents.digest().substring(0, 16);
    }
}
