package dev.kairos.app.command;

import dev.kairos.app.terminal.Table;
import dev.kairos.builtin.TargetListing;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Model.CommandSpec;

/** {@code kairos targets}. */
final class TargetsCommand extends Command {
    @Override
    List<String> description() {
        return List.of(
                "Lists where results can be delivered: each platform, its home target and what it lacks. Secrets are never"
                        + " shown.");
    }

    @Override
    List<String> examples() {
        return List.of("kairos targets", "kairos targets telegram", "kairos targets --json");
    }

    @Override
    void define(CommandSpec spec) {
        spec.addPositional(Options.optional(0, "PLATFORM", "only this one, with what its addresses look like"));
    }

    @Override
    int run(Arguments arguments, Session session) {
        Optional<String> only = arguments.positional(0);
        List<TargetListing> listings = session.existing().runtime().targets().stream()
                .filter(listing -> only.map(listing.platform()::equals).orElse(true))
                .toList();
        if (listings.isEmpty()) {
            throw CommandFailure.notFound(
                    "there is no platform " + only.orElse(""), "kairos targets lists those that there are");
        }
        session.document(
                Map.of("targets", listings.stream().map(TargetsCommand::tree).toList()));
        Table table = new Table()
                .column("PLATFORM", UnaryOperator.identity())
                .column("READY", UnaryOperator.identity())
                .shrinking("HOME TARGET", 12)
                .shrinking("WHAT IS LACKING", 20);
        if (only.isEmpty()) {
            session.existing().runtime().strayPlatforms().forEach(session::note);
        }
        listings.forEach(listing -> table.row(
                listing.platform(),
                listing.trouble().isEmpty() ? "yes" : "no",
                listing.home().orElse(""),
                listing.trouble().orElse("")));
        table.lines(session.io().width(), session.style()).forEach(session::say);
        if (only.isPresent() && !listings.get(0).forms().isEmpty()) {
            session.say("Write " + listings.get(0).forms() + ".");
        }
        return ExitCode.DONE;
    }

    private static Map<String, Object> tree(TargetListing listing) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("platform", listing.platform());
        tree.put("ready", listing.trouble().isEmpty());
        listing.home().ifPresent(home -> tree.put("home", home));
        listing.trouble().ifPresent(trouble -> tree.put("trouble", trouble));
        if (!listing.forms().isEmpty()) {
            tree.put("forms", listing.forms());
        }
        return tree;
    }

    /** What became of words for one target, as JSON. */
    static Map<String, Object> tree(dev.kairos.builtin.Sent sent) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("target", sent.target());
        tree.put("delivered", sent.error().isEmpty());
        tree.put("receipts", new ArrayList<>(sent.receipts()));
        sent.error().ifPresent(error -> tree.put("error", error));
        return tree;
    }
}
