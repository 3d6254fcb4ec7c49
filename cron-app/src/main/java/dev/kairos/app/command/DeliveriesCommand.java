package dev.kairos.app.command;

import dev.kairos.api.delivery.Envelope;
import dev.kairos.api.delivery.EnvelopeState;
import dev.kairos.api.job.Job;
import dev.kairos.app.terminal.Table;
import dev.kairos.app.terminal.TimeText;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;

/** {@code kairos deliveries}. */
final class DeliveriesCommand extends Command {
    private static final int MOST = 10_000;
    private static final int SHORTEST_PREFIX = 4;
    private static final Set<EnvelopeState> LOST = EnumSet.of(EnvelopeState.FAILED, EnvelopeState.UNKNOWN);

    @Override
    List<String> description() {
        return List.of(
                "Shows what was carried to which target and what was not, newest first.",
                "deliveries retry ID has a message that was given up, or whose fate nobody knows, sent again from the kept"
                        + " output, from its first part that has no receipt; the job does not run.");
    }

    @Override
    List<String> examples() {
        return List.of("kairos deliveries", "kairos deliveries --failed", "kairos deliveries retry 3f9a1c2b4d5e6f70");
    }

    @Override
    void define(CommandSpec spec) {
        spec.addPositional(Options.optional(0, "retry", "send one again"));
        spec.addPositional(Options.optional(
                1,
                "ID",
                "its execution's id or the first 4 or more characters of it, with /TARGET where there are several"));
        spec.addOption(Options.flag("only those that were given up or whose fate nobody knows", "--failed"));
        spec.addOption(Options.value("COUNT", "how many at most, 1 to " + MOST + " (default: 20)", "-n", "--limit"));
    }

    @Override
    int run(Arguments arguments, Session session) {
        Optional<String> verb = arguments.positional(0);
        if (verb.isEmpty()) {
            return list(arguments, session);
        }
        if (!verb.get().equals("retry")) {
            throw CommandFailure.usage("kairos deliveries does not know " + verb.get(), "it knows retry");
        }
        return retry(
                arguments
                        .positional(1)
                        .orElseThrow(() -> CommandFailure.usage(
                                "ID is missing: which message", "kairos deliveries --failed lists them")),
                session);
    }

    private static int list(Arguments arguments, Session session) {
        int limit = arguments.number("--limit", 20, 1, MOST);
        Set<EnvelopeState> states = arguments.has("--failed") ? LOST : Set.of();
        List<Envelope> envelopes = new ArrayList<>(session.opened()
                .map(home -> home.store().outbox().list(Optional.empty(), states, Integer.MAX_VALUE))
                .orElse(List.of()));
        Collections.reverse(envelopes);
        List<Envelope> shown = envelopes.subList(0, Math.min(limit, envelopes.size()));
        session.document(
                Map.of("deliveries", shown.stream().map(DeliveriesCommand::tree).toList()));
        if (shown.isEmpty()) {
            session.say(states.isEmpty() ? "Nothing was delivered yet." : "Nothing failed.");
            return ExitCode.DONE;
        }
        table(shown, session).lines(session.io().width(), session.style()).forEach(session::say);
        return ExitCode.DONE;
    }

    private static Table table(List<Envelope> shown, Session session) {
        Instant now = session.environment().now();
        ZoneId zone = session.zone(Optional.empty());
        Map<String, String> titles =
                session.existing().store().jobs().list().stream().collect(Collectors.toMap(Job::id, Job::displayName));
        Table table = new Table()
                .column("ID", UnaryOperator.identity())
                .shrinking("JOB", 8)
                .shrinking("TARGET", 12)
                .column("STATE", session.style()::word)
                .column("PARTS", UnaryOperator.identity())
                .column("TRIES", UnaryOperator.identity())
                .column("WHEN", UnaryOperator.identity())
                .shrinking("ERROR", 12);
        shown.forEach(envelope -> table.row(
                envelope.executionId(),
                titles.getOrDefault(envelope.jobId(), envelope.jobId()),
                envelope.target(),
                envelope.state().word(),
                Integer.toString(envelope.receipts().size()),
                Integer.toString(envelope.attempts()),
                TimeText.both(envelope.nextAttemptAt(), zone, now),
                envelope.error().orElse("")));
        return table;
    }

    private static Map<String, Object> tree(Envelope envelope) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("id", envelope.id());
        tree.put("job", envelope.jobId());
        tree.put("execution", envelope.executionId());
        tree.put("target", envelope.target());
        tree.put("content", envelope.content().name().toLowerCase(java.util.Locale.ROOT));
        tree.put("state", envelope.state().word());
        tree.put("attempts", envelope.attempts());
        tree.put("receipts", envelope.receipts());
        tree.put("next_attempt_at", TimeText.machine(envelope.nextAttemptAt()));
        envelope.error().ifPresent(error -> tree.put("error", error));
        return tree;
    }

    private static int retry(String id, Session session) {
        OpenHome home = session.existingWritable();
        List<Envelope> found = home.runtime().lostDeliveries().stream()
                .filter(envelope -> isNamed(envelope, id))
                .toList();
        if (found.isEmpty()) {
            throw CommandFailure.notFound(
                    "no message that was lost is called " + id, "kairos deliveries --failed lists them");
        }
        if (found.size() > 1) {
            throw CommandFailure.notFound(
                    found.size() + " messages that were lost are called " + id,
                    "name one: " + found.stream().limit(5).map(Envelope::id).collect(Collectors.joining(", ")));
        }
        Envelope lost = found.get(0);
        if (!home.runtime().retryDelivery(lost)) {
            throw CommandFailure.failed("somebody else changed it just now", "look again: kairos deliveries --failed");
        }
        session.document(Map.of("retried", lost.id()));
        session.say("It waits to be sent to " + lost.target() + " again"
                + (lost.receipts().isEmpty()
                        ? "."
                        : ", from part " + (lost.receipts().size() + 1) + " on.")
                + (lost.state() == EnvelopeState.UNKNOWN ? " It may arrive twice." : ""));
        LiveNodes.remark(session);
        return ExitCode.DONE;
    }

    private static boolean isNamed(Envelope envelope, String id) {
        return envelope.id().equals(id)
                || id.length() >= SHORTEST_PREFIX && envelope.executionId().startsWith(id);
    }
}
