package dev.kairos.app.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All commands by name. A command's class is loaded only when it is made. */
final class Commands {
    /** Headings of the overview with the commands under them, each with its summary. */
    static final Map<String, Map<String, String>> GROUPS = groups();

    private Commands() {}

    private static Map<String, Map<String, String>> groups() {
        Map<String, Map<String, String>> groups = new LinkedHashMap<>();
        group(groups, "Begin", "quickstart", "see a job fire and deliver, in a throw-away home");
        group(
                groups,
                "Jobs",
                "add",
                "declare a job; asks step by step when called alone",
                "list",
                "the jobs and when each is due",
                "show",
                "everything about one job",
                "edit",
                "change a job",
                "pause",
                "keep a job from being due",
                "resume",
                "let a paused job be due again",
                "run",
                "run a job now, beside its schedule",
                "cancel",
                "end a job's run, or withdraw what waits",
                "remove",
                "delete a job");
        group(
                groups,
                "What happened",
                "runs",
                "the ledger: what ran, what was skipped and why",
                "output",
                "what a run had to say",
                "deliveries",
                "what arrived where, and what did not");
        group(
                groups,
                "Firing",
                "serve",
                "the daemon: fires whatever is due",
                "tick",
                "fire what is due now, and end",
                "fire",
                "what an outside trigger calls for one job");
        group(
                groups,
                "Delivery",
                "targets",
                "where results can be delivered, and what is lacking",
                "deliver",
                "send a text to a target now, or a test");
        group(groups, "Agents", "mcp", "let an agent schedule work, over MCP on standard input and output");
        group(groups, "Schedules", "next", "the next instants of a schedule");
        group(
                groups,
                "Health and home",
                "status",
                "whether something fires, and how it is",
                "doctor",
                "what is wrong, and what to do about it",
                "signed-in",
                "a lapsed session of a model lives again",
                "providers",
                "what can pull the trigger",
                "provider",
                "let another provider pull the trigger",
                "plugins",
                "what is plugged in; judge a JAR; look again",
                "store",
                "look at the store, back it up, move to another",
                "import",
                "take jobs from a file",
                "export",
                "write the jobs to a file",
                "completion",
                "the completion script for your shell",
                "version",
                "which Kairos this is");
        return groups;
    }

    private static void group(Map<String, Map<String, String>> groups, String heading, String... namesAndSummaries) {
        Map<String, String> summaries = new LinkedHashMap<>();
        for (int i = 0; i < namesAndSummaries.length; i += 2) {
            summaries.put(namesAndSummaries[i], namesAndSummaries[i + 1]);
        }
        groups.put(heading, summaries);
    }

    /** The names of all commands. */
    static List<String> names() {
        List<String> names = new ArrayList<>();
        GROUPS.values().forEach(group -> names.addAll(group.keySet()));
        return names;
    }

    /** A fresh command, or empty for an unknown name. */
    static Optional<Command> make(String name) {
        switch (name) {
            case "add":
                return Optional.of(new AddCommand());
            case "list":
                return Optional.of(new ListCommand());
            case "show":
                return Optional.of(new ShowCommand());
            case "edit":
                return Optional.of(new EditCommand());
            case "pause":
                return Optional.of(new PauseCommand());
            case "resume":
                return Optional.of(new ResumeCommand());
            case "cancel":
                return Optional.of(new CancelCommand());
            case "remove":
                return Optional.of(new RemoveCommand());
            case "runs":
                return Optional.of(new RunsCommand());
            case "output":
                return Optional.of(new OutputCommand());
            case "deliveries":
                return Optional.of(new DeliveriesCommand());
            case "targets":
                return Optional.of(new TargetsCommand());
            case "deliver":
                return Optional.of(new DeliverCommand());
            case "next":
                return Optional.of(new NextCommand());
            case "run":
                return Optional.of(new RunCommand());
            case "tick":
                return Optional.of(new TickCommand());
            case "fire":
                return Optional.of(new FireCommand());
            case "serve":
                return Optional.of(new ServeCommand());
            case "quickstart":
                return Optional.of(new QuickstartCommand());
            case "providers":
                return Optional.of(new ProvidersCommand());
            case "provider":
                return Optional.of(new ProviderCommand());
            case "plugins":
                return Optional.of(new PluginsCommand());
            case "store":
                return Optional.of(new StoreCommand());
            case "import":
                return Optional.of(new ImportCommand());
            case "export":
                return Optional.of(new ExportCommand());
            case "signed-in":
                return Optional.of(new SignedInCommand());
            case "status":
                return Optional.of(new StatusCommand());
            case "doctor":
                return Optional.of(new DoctorCommand());
            case "mcp":
                return Optional.of(new McpCommand());
            case "version":
                return Optional.of(new VersionCommand());
            case "completion":
                return Optional.of(new CompletionCommand());
            default:
                return Optional.empty();
        }
    }
}
