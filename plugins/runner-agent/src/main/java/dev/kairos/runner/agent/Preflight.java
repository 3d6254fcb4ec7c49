package dev.kairos.runner.agent;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.Settings;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.ledger.Usage;
import dev.kairos.api.run.RunnerHost;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is looked at before anything is spent. Opens no connection. */
final class Preflight {
    private static final Logger LOG = LoggerFactory.getLogger("cron.agent");

    private final RunnerHost host;
    private final AgentSettings settings;

    Preflight(RunnerHost host, AgentSettings settings) {
        this.host = host;
        this.settings = settings;
    }

    /** The entries that could be asked: the preferred one must be among them, of those to fall back to any may fail. */
    List<ModelEntry> sound(List<ModelEntry> entries, JobDefinition job) throws Blocked {
        settings.refuse();
        settings.unread().forEach(text -> LOG.warn("cron.agent {}", text));
        List<Budget.Limits> limits = Budgets.limits(job, settings.root());
        List<ModelEntry> sound = new ArrayList<>();
        for (ModelEntry entry : entries) {
            try {
                EntryCheck.refuse(entry);
                EntryCheck.measures(entry, limits);
                EntryCheck.unread(entry).forEach(text -> LOG.warn("cron.agent {}", text));
                sound.add(entry);
            } catch (Blocked | InvalidInputException unusable) {
                if (sound.isEmpty()) {
                    throw unusable;
                }
                LOG.warn("cron.agent entry={} is no fallback now: {}", entry.name(), unusable.getMessage());
            }
        }
        return sound;
    }

    /** Ends the run where its configuration lacks something that it cannot go without. */
    Budgets pass(Job job) throws Blocked {
        skills(job.definition());
        for (String target : job.definition().get(JobField.DELIVER, List.of())) {
            target(target);
        }
        Budgets budgets = Budgets.of(job, settings.root(), host);
        budgets.check(Usage.of(""));
        return budgets;
    }

    private void skills(JobDefinition job) throws Blocked {
        if (!job.get(JobField.REQUIRE_SKILLS, false)) {
            return;
        }
        List<String> missing = missing(job);
        if (!missing.isEmpty()) {
            throw new Blocked(
                    "config",
                    "these skills are missing: " + String.join(", ", missing)
                            + ". Put each into skills/NAME/SKILL.md of" + " the home, or change the job's skills");
        }
    }

    private List<String> missing(JobDefinition job) {
        Skills skills = new Skills(host.home(), host.environment());
        return job.get(JobField.SKILLS, List.of()).stream()
                .filter(name -> !skills.has(name))
                .toList();
    }

    private void target(String target) throws Blocked {
        String trouble = host.targetTrouble(target).orElse("");
        if (!trouble.isEmpty()) {
            throw new Blocked(
                    "config",
                    "the result could not be delivered to " + target + " (" + trouble
                            + "), so the model was not asked: configure the platform, or change the job's deliver");
        }
    }

    /** The tool servers that the job would start and nobody could. */
    private List<String> servers(JobDefinition definition) {
        Optional<List<String>> allowed = definition.get(JobField.TOOLS);
        return settings.servers().keys().stream()
                .filter(name -> McpTools.isWanted(name, allowed))
                .flatMap(name -> lacking(name, settings.servers().at(name)))
                .toList();
    }

    private static Stream<String> lacking(String name, Settings server) {
        try {
            return Stream.concat(ToolServer.unread(server).stream(), ToolServer.trouble(name, server).stream());
        } catch (InvalidInputException refused) {
            return Stream.of(String.valueOf(Blocked.of(refused).getMessage()));
        }
    }

    /** Words of the job's tools that name a server which is not there. */
    private List<String> tools(JobDefinition definition) {
        return definition.get(JobField.TOOLS, List.of()).stream()
                .filter(word -> word.contains("."))
                .filter(word -> settings.servers().keys().stream().noneMatch(name -> word.startsWith(name + ".")))
                .map(word -> "no server of agent.mcp_servers offers the tool " + word
                        + ": add the server, or change the job's tools")
                .toList();
    }

    /** What the job lacks now, for a person who looks at it. */
    List<String> look(JobDefinition definition) {
        List<String> found = new ArrayList<>(settings.unread());
        try {
            settings.refuse();
            List<Budget.Limits> limits = Budgets.limits(definition, settings.root());
            for (ModelEntry entry : ModelChoice.of(definition, settings)) {
                found.addAll(EntryCheck.unread(entry));
                EntryCheck.refuse(entry);
                EntryCheck.measures(entry, limits);
            }
        } catch (Blocked blocked) {
            found.add(String.valueOf(blocked.getMessage()));
        } catch (InvalidInputException refused) {
            found.add(String.valueOf(Blocked.of(refused).getMessage()));
        }
        List<String> missing = missing(definition);
        if (!missing.isEmpty()) {
            found.add("these skills are missing: " + String.join(", ", missing)
                    + ": put each into skills/NAME/SKILL.md of the home, or change the job's skills");
        }
        found.addAll(servers(definition));
        found.addAll(tools(definition));
        return found;
    }

    /**
     * Refuses what may not be stored.
     *
     * @throws InvalidInputException if a text meets a safety rule, or the budget is none
     */
    static void refuse(JobDefinition definition) {
        definition.get(JobField.PROMPT).ifPresent(text -> SafetyScan.refuse("prompt", text));
        definition.get(JobField.NAME).ifPresent(text -> SafetyScan.refuse("name", text));
        Budget.read("budget", definition.get(JobField.BUDGET, Map.of()));
    }
}
