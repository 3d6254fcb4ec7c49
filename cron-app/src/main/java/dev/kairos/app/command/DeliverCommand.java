package dev.kairos.app.command;

import dev.kairos.builtin.Sent;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/** {@code kairos deliver}. */
final class DeliverCommand extends Command {
    private static final int LONGEST = 1_000_000;
    private static final String TITLE = "kairos deliver";
    private static final String TEST_TEXT =
            "**Kairos** can write here.\n\n* This was sent by `kairos deliver --test`.\n" + "* Nobody reads replies.";

    @Override
    List<String> description() {
        return List.of(
                "Sends a text to a target now: no job, no retry, nothing in the ledger. With --test it is a short text of"
                        + " its own. Exit code 1 if it did not arrive.");
    }

    @Override
    List<String> examples() {
        return List.of(
                "kairos deliver telegram:-1001234567890 \"The disk is **full**\"",
                "kairos deliver telegram \"The figures of May\" --file report.pdf --file chart.png",
                "kairos deliver --test all",
                "kairos deliver slack:#ops -");
    }

    @Override
    void define(CommandSpec spec) {
        spec.addPositional(Options.required(0, "TARGET", "a platform, PLATFORM:ADDRESS, or all"));
        spec.addPositional(Options.optional(1, "TEXT", "what to send, in Markdown; - reads standard input"));
        spec.addOption(Options.values(
                "PATH",
                "a file that goes along, at most 10 MiB; may be given ten times, and then TEXT may be left out",
                "--file"));
        spec.addOption(Options.flag("send a short text that says where it came from", "--test"));
    }

    @Override
    int run(Arguments arguments, Session session) throws IOException {
        String target = arguments.required(0);
        String text = text(arguments, session);
        List<Sent> sent = session.existingWritable()
                .runtime()
                .deliver(target, text, TITLE, files(arguments), one -> tell(one, session));
        session.document(Map.of("sent", sent.stream().map(TargetsCommand::tree).toList()));
        if (sent.isEmpty()) {
            session.say(target + " is no place beyond this machine: nothing was sent.");
        }
        return sent.stream().allMatch(one -> one.error().isEmpty()) ? ExitCode.DONE : ExitCode.FAILED;
    }

    private static List<Path> files(Arguments arguments) {
        return arguments.texts("--file").stream().map(DeliverCommand::file).toList();
    }

    private static Path file(String given) {
        try {
            return Path.of(given);
        } catch (InvalidPathException e) {
            throw CommandFailure.usage("--file: this is no path", "name a file of this machine");
        }
    }

    private static String text(Arguments arguments, Session session) throws IOException {
        if (arguments.has("--test")) {
            if (arguments.positional(1).isPresent()) {
                throw CommandFailure.usage("--test has a text of its own", "leave out either of the two");
            }
            return TEST_TEXT;
        }
        boolean hasFiles = !arguments.texts("--file").isEmpty();
        if (hasFiles && arguments.positional(1).isEmpty()) {
            return "";
        }
        String given = arguments
                .positional(1)
                .orElseThrow(() -> CommandFailure.usage(
                        "TEXT is missing: what to send",
                        "kairos deliver TARGET TEXT, or kairos deliver --test TARGET"));
        String text = given.equals("-") ? input(session) : given;
        if (text.isBlank() && !hasFiles) {
            throw CommandFailure.usage("there is nothing to send", "write a text, or - and a text on standard input");
        }
        return text;
    }

    private static String input(Session session) throws IOException {
        char[] kept = new char[LONGEST + 1];
        int length = 0;
        for (int more = 0; more >= 0 && length < kept.length; length += Math.max(0, more)) {
            more = session.io().in().read(kept, length, kept.length - length);
        }
        if (length > LONGEST) {
            throw CommandFailure.usage("the text is longer than a million characters", "send less, or a link to it");
        }
        return new String(kept, 0, length);
    }

    private static void tell(Sent sent, Session session) {
        int parts = sent.receipts().size();
        String names = String.join(
                ", ", sent.receipts().stream().filter(name -> !name.isEmpty()).toList());
        String receipts = names.isEmpty() ? "" : " (" + names + ")";
        if (sent.error().isEmpty()) {
            session.say(session.style().good("delivered") + "  " + sent.target()
                    + (parts > 1 ? ", " + parts + " parts" : "") + receipts);
        } else {
            session.say(session.style().bad("not delivered") + "  " + sent.target()
                    + (parts > 0 ? ", but for the first " + (parts == 1 ? "part" : parts + " parts") + receipts : "")
                    + ": "
                    + sent.error().get());
        }
    }
}
