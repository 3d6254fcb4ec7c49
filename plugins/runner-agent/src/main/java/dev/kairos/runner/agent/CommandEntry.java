package dev.kairos.runner.agent;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.Settings;
import dev.kairos.api.run.FailureKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** How an entry's program is called and its answer read. */
final class CommandEntry {
    private static final String PROMPT = "{prompt}";
    private static final String MODEL = "{model}";

    private final ModelEntry entry;
    private final Settings settings;
    private final CommandPreset preset;

    CommandEntry(ModelEntry entry) {
        this.entry = entry;
        this.settings = entry.settings();
        Optional<String> named = settings.text("preset").map(String::strip);
        this.preset = named.map(name -> CommandPreset.of(name)
                        .orElseThrow(() -> new InvalidInputException(
                                entry.path("preset"),
                                name,
                                "no such preset",
                                "one of " + String.join(", ", CommandPreset.names()))))
                .orElse(CommandPreset.bare());
    }

    /** The argument vector. */
    List<String> command(String prompt) {
        List<String> given = settings.texts("command");
        List<String> template = new ArrayList<>(given.isEmpty() ? preset.command() : given);
        if (template.isEmpty()) {
            throw new InvalidInputException(
                    entry.path("command"), "", "there is no program to start", "command: [my-agent, --quiet]");
        }
        boolean namesModel = template.stream().anyMatch(part -> part.contains(MODEL));
        if (!entry.model().isEmpty() && !namesModel) {
            int last = template.get(template.size() - 1).equals("-") ? template.size() - 1 : template.size();
            template.addAll(last, withModel());
        }
        List<String> command = new ArrayList<>();
        boolean isPlaced = false;
        for (String part : template) {
            isPlaced |= isArgument() && part.contains(PROMPT);
            String filled = part.replace(MODEL, entry.model());
            command.add(isArgument() ? filled.replace(PROMPT, prompt) : filled);
        }
        if (isArgument() && !isPlaced) {
            command.add(prompt);
        }
        return command;
    }

    private List<String> withModel() {
        List<String> arguments = new ArrayList<>(preset.modelArguments());
        if (!arguments.isEmpty()) {
            arguments.add(entry.model());
        }
        return arguments;
    }

    /**
     * Looks at everything that the entry says.
     *
     * @throws InvalidInputException if a part of it has a wrong form
     */
    void refuse() {
        command("");
        resultPath();
        usesTools();
        variables();
        settings.at("exit_codes").keys().forEach(code -> {
            if (!code.matches("[0-9]{1,3}")) {
                throw new InvalidInputException(
                        entry.path("exit_codes." + code), code, "no exit code", "a number, 1 .. 255");
            }
            kind(Integer.parseInt(code));
        });
    }

    /** Whether its answer says how many tokens were used. */
    boolean saysTokens() {
        return resultPath().isPresent()
                && usagePath("tokens_in").isPresent()
                && usagePath("tokens_out").isPresent();
    }

    /** Whether its answer says what that cost. */
    boolean saysCost() {
        return resultPath().isPresent() && usagePath("cost").isPresent();
    }

    /** Whether the prompt is an argument; on standard input otherwise. */
    boolean isArgument() {
        return word("prompt", preset.isPromptArgument() ? "argument" : "stdin", List.of("stdin", "argument"))
                .equals("argument");
    }

    /** Where the answer stands in the JSON that is printed; empty for plain text. */
    Optional<String> resultPath() {
        Optional<String> named = settings.text("result_path").map(String::strip);
        String form = word(
                "result", named.isPresent() || preset.result().isPresent() ? "json" : "text", List.of("text", "json"));
        return form.equals("json") ? Optional.of(named.or(preset::result).orElse("result")) : Optional.empty();
    }

    /** Where the JSON says what was used: {@code tokens_in}, {@code tokens_out}, {@code turns}, {@code cost}. */
    Optional<String> usagePath(String what) {
        return settings.text(what + "_path")
                .map(String::strip)
                .or(() -> Optional.ofNullable(preset.usage().get(what)));
    }

    /** Whether the program calls tools of its own: then a failure is not repeated by itself. */
    boolean usesTools() {
        return settings.flag("uses_tools").orElse(settings.text("preset").isPresent());
    }

    /** The variables that the entry adds to its program's environment. */
    Map<String, String> variables() {
        Map<String, String> variables = new LinkedHashMap<>();
        Settings env = settings.at("env");
        env.keys().forEach(name -> env.text(name).ifPresent(value -> variables.put(name, value)));
        return variables;
    }

    /** The kind of failure that an exit code stands for, where the entry or its preset says. */
    Optional<FailureKind> kind(int exitCode) {
        Settings codes = settings.at("exit_codes");
        String key = String.valueOf(exitCode);
        Optional<FailureKind> named = codes.text(key).map(text -> {
            String word = text.strip().toLowerCase(Locale.ROOT);
            for (FailureKind kind : FailureKind.values()) {
                if (kind.word().equals(word)) {
                    return kind;
                }
            }
            throw new InvalidInputException(
                    codes.path() + "." + key,
                    text,
                    "no kind of failure",
                    "transient, terminal, config, security, session_expired or unreachable");
        });
        return named.or(() -> Optional.ofNullable(preset.exitCodes().get(exitCode)));
    }

    private String word(String key, String standard, List<String> choices) {
        String given = settings.text(key)
                .map(text -> text.strip().toLowerCase(Locale.ROOT))
                .orElse(standard);
        if (!choices.contains(given)) {
            throw new InvalidInputException(
                    entry.path(key), given, "not one of the choices", String.join(" or ", choices));
        }
        return given;
    }
}
