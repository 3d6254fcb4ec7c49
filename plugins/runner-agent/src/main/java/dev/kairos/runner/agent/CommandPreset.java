package dev.kairos.runner.agent;

import dev.kairos.api.run.FailureKind;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a known agent program is called, as its makers document it; every part may be set otherwise in the entry.
 *
 * @param command the program and its arguments
 * @param modelArguments added where the entry names a model
 * @param isPromptArgument whether the prompt is an argument instead of standard input
 * @param result the path of the answer in the JSON that it prints; empty where it prints plain text
 * @param usage paths of what it used
 * @param exitCodes kinds of failure by exit code, where its makers document them
 */
record CommandPreset(
        List<String> command,
        List<String> modelArguments,
        boolean isPromptArgument,
        Optional<String> result,
        Map<String, String> usage,
        Map<Integer, FailureKind> exitCodes) {
    private static final Map<String, CommandPreset> ALL = Map.of(
            "claude",
                    json(
                            List.of("claude", "-p", "--output-format", "json"),
                            "--model",
                            "result",
                            Map.of(
                                    "tokens_in", "usage.input_tokens",
                                    "tokens_out", "usage.output_tokens",
                                    "turns", "num_turns",
                                    "cost", "total_cost_usd",
                                    "is_error", "is_error")),
            "codex", plain(List.of("codex", "exec", "--skip-git-repo-check", "-"), "-m", false),
            "gemini",
                    json(List.of("gemini", "--output-format", "json"), "-m", "response", Map.of("is_error", "error"))
                            .exiting(Map.of(42, FailureKind.TERMINAL, 53, FailureKind.TERMINAL)),
            "goose", plain(List.of("goose", "run", "--no-session", "-i", "-"), "--model", false),
            "llm", plain(List.of("llm"), "-m", false),
            "opencode", plain(List.of("opencode", "run"), "--model", true));

    static Optional<CommandPreset> of(String name) {
        return Optional.ofNullable(ALL.get(name));
    }

    static List<String> names() {
        return ALL.keySet().stream().sorted().toList();
    }

    /** The one that holds where an entry names none: prompt on standard input, plain text back. */
    static CommandPreset bare() {
        return new CommandPreset(List.of(), List.of(), false, Optional.empty(), Map.of(), Map.of());
    }

    private CommandPreset exiting(Map<Integer, FailureKind> codes) {
        return new CommandPreset(command, modelArguments, isPromptArgument, result, usage, codes);
    }

    private static CommandPreset json(
            List<String> command, String modelFlag, String result, Map<String, String> usage) {
        return new CommandPreset(command, List.of(modelFlag), false, Optional.of(result), usage, Map.of());
    }

    private static CommandPreset plain(List<String> command, String modelFlag, boolean isPromptArgument) {
        return new CommandPreset(command, List.of(modelFlag), isPromptArgument, Optional.empty(), Map.of(), Map.of());
    }
}
