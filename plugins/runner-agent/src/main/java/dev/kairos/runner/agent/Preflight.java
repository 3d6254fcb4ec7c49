package dev.kairos.runner.agent;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.ledger.Usage;
import dev.kairos.api.run.RunnerHost;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    List<ModelEntry> sound(List<ModelEntry> entries) throws Blocked {
        List<ModelEntry> sound = new ArrayList<>();
        for (ModelEntry entry : entries) {
            try {
                model(entry);
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

    private static void model(ModelEntry entry) throws Blocked {
        if (entry.way() == ModelEntry.Way.COMMAND) {
            new CommandEntry(entry).command("");
            return;
        }
        if (entry.model().isEmpty()) {
            throw new Blocked(
                    "config", "the model entry " + entry.name() + " names no model: set " + entry.path("model"));
        }
        if (entry.key().isEmpty() && entry.baseUrl().isEmpty()) {
            throw new Blocked(
                    "config",
                    "the model entry " + entry.name() + " has no key: set " + entry.path("key")
                            + ", for example to ${MY_API_KEY}, and see that the variable is set where this runs");
        }
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
                .flatMap(name -> ToolServer.trouble(name, settings.servers().at(name)).stream())
                .toList();
    }

    /** What the job lacks now, for a person who looks at it. */
    List<String> look(JobDefinition definition) {
        List<String> found = new ArrayList<>();
        try {
            for (ModelEntry entry : ModelChoice.of(definition, settings)) {
                model(entry);
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
