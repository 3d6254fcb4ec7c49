package dev.kairos.app.command;

import dev.kairos.builtin.ConfigKey;
import dev.kairos.builtin.Handover;
import dev.kairos.builtin.HandoverNotes;
import dev.kairos.builtin.RestingProvider;
import dev.kairos.orchestrator.health.NodeHealth;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Changes the provider of a home: asks, writes the setting, and has the daemons hand over. */
final class ProviderSwitch {
    /** A provider that is replaced has some ten seconds to end, and what it armed outside thirty to be taken back. */
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private static final Duration PAUSE = Duration.ofMillis(100);

    private final Session session;
    private final String name;
    private final HandoverNotes notes;

    ProviderSwitch(Session session, String name) {
        this.session = session;
        this.name = name;
        this.notes = new HandoverNotes(session.environment(), session.home());
    }

    int run() throws IOException, InterruptedException {
        session.refuseWithinRun();
        Optional<String> overrider = session.configuration().overriderOf(ConfigKey.PROVIDER);
        if (overrider.isPresent()) {
            throw CommandFailure.failed(
                    overrider.get() + " says which provider is used, whatever config.yaml says",
                    "take it away, then: kairos provider switch " + name);
        }
        OpenHome home = session.existing();
        refuseBesideStopped(home);
        SettingFile setting = SettingFile.prepare(session, name);
        List<String> daemons = daemons(home);
        return daemons.isEmpty() ? atRest(home, setting) : live(daemons, setting);
    }

    /** It would go on some day, with the provider that it has and the other one armed beside it. */
    private void refuseBesideStopped(OpenHome home) {
        LiveNodes.ofThisHome(home, session.environment()).stream()
                .filter(NodeHealth::isStopped)
                .findFirst()
                .ifPresent(node -> {
                    String pid = node.pid().map(Object::toString).orElse("PID");
                    throw CommandFailure.failed(
                            "the provider stays as it is: node " + node.node()
                                    + " is stopped, takes no other up and goes on with the one it has",
                            "let it go on: kill -CONT " + pid + ", or end it: kill -KILL " + pid
                                    + "; then: kairos provider switch " + name);
                });
    }

    private List<String> daemons(OpenHome home) {
        return LiveNodes.ofThisHome(home, session.environment()).stream()
                .map(NodeHealth::node)
                .toList();
    }

    private int atRest(OpenHome home, SettingFile setting) throws IOException, InterruptedException {
        RestingProvider next = home.runtime().restingProvider(Optional.of(name));
        refuse(next.fallbackReason());
        String before = ProvidersCommand.asked(session);
        RestingProvider old = home.runtime().restingProvider(Optional.of(before));
        setting.write();
        List<String> begun = daemons(home);
        if (!begun.isEmpty()) {
            return handOver(begun, setting, before); // one that becomes visible only now reads the setting by itself
        }
        List<String> remarks = new ArrayList<>();
        if (!before.equals(name) && old.fallbackReason().isEmpty() && old.outlivesProcess()) {
            old.disarm()
                    .ifPresent(why -> remarks.add("what " + before + " armed outside may still fire, and then claims"
                            + " nothing that was claimed: " + why));
        }
        if (next.outlivesProcess()) {
            Registration.reconcile(next).ifPresent(remarks::add);
        }
        session.say(
                "cron.provider is " + name + " now, before " + before + "; no daemon lives here that would hand over.");
        remarks.forEach(session::note);
        document(before, Map.of(), remarks);
        return ExitCode.DONE;
    }

    private int live(List<String> daemons, SettingFile setting) throws IOException, InterruptedException {
        Map<String, Handover> checks = ask(daemons, true);
        refuse(checks.values().stream()
                .flatMap(answer -> answer.refusal().stream())
                .findFirst()
                .or(() -> silent(daemons, checks).map(node -> "node " + node + " did not answer")));
        setting.write();
        String before = checks.values().stream().map(Handover::from).findFirst().orElse("");
        return handOver(daemons, setting, before);
    }

    private int handOver(List<String> daemons, SettingFile setting, String before)
            throws IOException, InterruptedException {
        Map<String, Handover> done = ask(daemons, false);
        List<String> troubles = new ArrayList<>();
        silent(daemons, done)
                .ifPresent(node -> troubles.add("node " + node + " did not answer within " + PATIENCE.toSeconds()
                        + " s; kairos status shows which provider it uses, and a restart gives it " + name));
        done.forEach((node, answer) -> {
            answer.refusal().ifPresent(why -> troubles.add("node " + node + " keeps " + answer.from() + ": " + why));
            if (answer.refusal().isEmpty()) {
                session.say("Node " + node + ": " + answer.from() + " -> " + answer.to());
            }
        });
        boolean isNoneDone =
                done.values().stream().allMatch(answer -> answer.refusal().isPresent());
        if (isNoneDone && silent(daemons, done).isEmpty()) {
            setting.restore();
            refuse(Optional.of(troubles.get(0)));
        }
        List<String> remarks = new ArrayList<>(troubles);
        done.values().forEach(answer -> answer.remark().ifPresent(remarks::add));
        remarks.forEach(session::note);
        document(before, done, remarks);
        return troubles.isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
    }

    private void refuse(Optional<String> why) {
        if (why.isPresent()) {
            throw CommandFailure.failed(
                    "the provider stays as it is: " + why.get(), "kairos providers lists what there is");
        }
    }

    private Map<String, Handover> ask(List<String> daemons, boolean isCheck) throws IOException, InterruptedException {
        HandoverNotes.Wish wish = notes.wish(name, isCheck);
        try {
            return await(wish, daemons);
        } finally {
            notes.withdraw(wish);
        }
    }

    private Map<String, Handover> await(HandoverNotes.Wish wish, List<String> daemons)
            throws IOException, InterruptedException {
        Map<String, Handover> answers = new LinkedHashMap<>();
        Duration begun = session.environment().uptime();
        while (answers.size() < daemons.size()
                && session.environment().uptime().minus(begun).compareTo(PATIENCE) < 0) {
            for (String node : daemons) {
                if (!answers.containsKey(node)) {
                    notes.answered(wish, node).ifPresent(answer -> answers.put(node, answer));
                }
            }
            if (answers.size() < daemons.size()) {
                session.environment().sleep(PAUSE);
            }
        }
        return answers;
    }

    private static Optional<String> silent(List<String> daemons, Map<String, Handover> answers) {
        return daemons.stream().filter(node -> !answers.containsKey(node)).findFirst();
    }

    private void document(String before, Map<String, Handover> done, List<String> remarks) {
        List<Map<String, Object>> nodes = new ArrayList<>();
        done.forEach((node, answer) -> {
            Map<String, Object> tree = new LinkedHashMap<>();
            tree.put("node", node);
            tree.put("from", answer.from());
            tree.put("to", answer.to());
            answer.refusal().ifPresent(why -> tree.put("refusal", why));
            nodes.add(tree);
        });
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("provider", name);
        tree.put("before", before);
        tree.put("nodes", nodes);
        tree.put("remarks", remarks);
        session.document(tree);
    }
}
