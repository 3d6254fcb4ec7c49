package dev.kairos.app.command;

import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.store.ExecutionQuery;
import dev.kairos.orchestrator.output.KeptOutputs;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/** {@code kairos output}. */
final class OutputCommand extends Command {
    private static final int LOOKED_AT = 200;

    @Override
    List<String> description() {
        return List.of("Prints what a job's newest run had to say, or that of one execution.");
    }

    @Override
    List<String> examples() {
        return List.of("kairos output backup", "kairos output backup --execution 3f9a1c2b4d5e6f70 --message");
    }

    @Override
    void define(CommandSpec spec) {
        spec.addPositional(Options.required(0, "JOB", "its id, its name, or the first 4 or more characters of its id"));
        spec.addOption(Options.value("ID", "this execution's (kairos runs shows the ids)", "--execution"));
        spec.addOption(Options.flag("only the message, as it was delivered", "--message"));
    }

    @Override
    int run(Arguments arguments, Session session) throws IOException {
        OpenHome home = session.existing();
        String jobId = home.jobIdOrPast(arguments.required(0));
        Execution row = arguments
                .text("--execution")
                .map(id -> named(home, jobId, id))
                .orElseGet(() -> newest(session, home, jobId));
        String file = row.output()
                .orElseThrow(() -> CommandFailure.notFound(
                        row.status() == ExecutionStatus.OK
                                ? "execution " + row.id() + " had nothing to say and kept no output"
                                : "execution " + row.id() + " kept no output: it is "
                                        + row.status().word(),
                        "kairos runs " + jobId + " shows what happened"));
        Optional<String> whole = home.outputs().page(row);
        Optional<String> message = home.outputs().message(row);
        if (whole.isEmpty()) {
            throw gone(home, row, file);
        }
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("execution", ExecutionTree.of(row));
        tree.put("file", file);
        tree.put("message", message.orElse(""));
        tree.put("text", whole.get());
        session.document(tree);
        session.say((arguments.has("--message") ? message.orElse("") : whole.get()).stripTrailing());
        return ExitCode.DONE;
    }

    /** One that is old was dropped; a newer one was never brought here, or somebody deleted it. */
    private static CommandFailure gone(OpenHome home, Execution row, String file) {
        boolean isOld = home.store().ledger().list(ExecutionQuery.ofJob(row.jobId(), LOOKED_AT)).stream()
                .filter(one -> one.output().isPresent())
                .limit(KeptOutputs.KEPT)
                .noneMatch(one -> one.id().equals(row.id()));
        String runs = "kairos runs " + row.jobId() + " shows what happened";
        return isOld
                ? CommandFailure.notFound(
                        "the output " + file + " is gone: the newest " + KeptOutputs.KEPT + " of each job are kept",
                        runs)
                : CommandFailure.notFound(
                        "the output " + file + " is not here: neither "
                                + home.folder().resolve("cron/output") + " nor the store holds it",
                        "a backup of a SQLite store leaves that folder where it was made, and a run leaves its file on the"
                                + " machine where it ran: copy it from there; " + runs);
    }

    private static Execution named(OpenHome home, String jobId, String id) {
        return home.store()
                .ledger()
                .find(id.strip())
                .filter(row -> row.jobId().equals(jobId))
                .orElseThrow(() -> CommandFailure.notFound(
                        "job " + jobId + " has no execution " + id, "kairos runs " + jobId + " shows its executions"));
    }

    private static Execution newest(Session session, OpenHome home, String jobId) {
        List<Execution> ended = home.store().ledger().list(ExecutionQuery.ofJob(jobId, LOOKED_AT)).stream()
                .filter(row ->
                        row.status() == ExecutionStatus.OK || row.output().isPresent())
                .toList();
        Execution newest = ended.stream()
                .filter(row -> row.output().isPresent())
                .findFirst()
                .orElseThrow(() -> CommandFailure.notFound(
                        "job " + jobId + " has no output yet", "kairos run " + jobId + " --wait runs it now"));
        if (ended.get(0) != newest) {
            session.note("execution " + ended.get(0).id() + " came later and had nothing to say");
        }
        return newest;
    }
}
