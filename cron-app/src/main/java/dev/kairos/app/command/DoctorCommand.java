package dev.kairos.app.command;

import dev.kairos.app.terminal.TextWidth;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/** {@code kairos doctor}. */
final class DoctorCommand extends Command {
    @Override
    List<String> description() {
        return List.of(
                "Looks for what is wrong and says what to do about it. Changes nothing.",
                "Exit code 1 if it found anything.");
    }

    @Override
    List<String> examples() {
        return List.of("kairos doctor", "kairos doctor --json");
    }

    @Override
    void define(CommandSpec spec) {
        // nothing beside the common options
    }

    /** Findings of one group beside each other, whoever found them; groups in the order of their first finding. */
    private static List<Finding> grouped(List<Finding> findings) {
        Map<String, List<Finding>> groups = new LinkedHashMap<>();
        findings.forEach(finding -> groups.computeIfAbsent(finding.group(), group -> new ArrayList<>())
                .add(finding));
        return groups.values().stream().flatMap(List::stream).toList();
    }

    @Override
    int run(Arguments arguments, Session session) {
        List<Finding> findings = grouped(new Checkup(session).findings());
        List<Map<String, Object>> trees = new ArrayList<>();
        String group = "";
        for (Finding finding : findings) {
            if (!finding.group().equals(group)) {
                group = finding.group();
                session.say(session.style().strong(group));
            }
            session.say("  " + session.style().bad(TextWidth.plain(finding.what())));
            session.say("    " + TextWidth.plain(finding.advice()));
            Map<String, Object> tree = new LinkedHashMap<>();
            tree.put("group", finding.group());
            tree.put("what", finding.what());
            tree.put("do", finding.advice());
            trees.add(tree);
        }
        session.document(Map.of("findings", trees));
        if (findings.isEmpty()) {
            session.say(session.style().good("Nothing is wrong."));
        }
        return findings.isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
    }
}
