package dev.kairos.runner.agent;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.Settings;
import dev.kairos.api.run.Backend;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** One entry of {@code agent.models}: what it is called, how it is reached, what it costs. Immutable. */
final class ModelEntry {
    /** The ways to a model. */
    enum Way {
        /** An endpoint that speaks as OpenAI's does. */
        OPENAI,
        /** An endpoint that speaks as Anthropic's does. */
        ANTHROPIC,
        /** A program on this machine. */
        COMMAND;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final Duration LONGEST_CALL = Duration.ofMinutes(10);
    private static final List<String> EFFORTS = List.of("none", "minimal", "low", "medium", "high", "xhigh", "max");
    /** For each effort; 1,024 is the least that Anthropic takes. */
    private static final List<Integer> THINKING = List.of(0, 1_024, 2_048, 8_192, 16_384, 24_576, 32_768);

    private final String name;
    private final Way way;
    private final Settings settings;
    private final String model;

    private ModelEntry(String name, Way way, Settings settings, String model) {
        this.name = name;
        this.way = way;
        this.settings = settings;
        this.model = model;
    }

    /**
     * Reads an entry.
     *
     * @throws InvalidInputException if it says not how the model is reached
     */
    static ModelEntry read(String name, Settings settings) {
        boolean isCommand =
                !settings.texts("command").isEmpty() || settings.text("preset").isPresent();
        String word = settings.text("api").map(String::strip).orElse(isCommand ? "command" : "");
        Way way = switch (word.toLowerCase(Locale.ROOT)) {
            case "openai" -> Way.OPENAI;
            case "anthropic" -> Way.ANTHROPIC;
            case "command" -> Way.COMMAND;
            default ->
                throw new InvalidInputException(
                        settings.path() + ".api",
                        word,
                        "it does not say how the model is reached",
                        "api: openai, api: anthropic, or a command; docs/agents.md has an example of each");
        };
        return new ModelEntry(
                name, way, settings, settings.text("model").map(String::strip).orElse(""));
    }

    /** The same entry with another model of its endpoint. */
    ModelEntry withModel(String other) {
        return new ModelEntry(name, way, settings, other);
    }

    String name() {
        return name;
    }

    Way way() {
        return way;
    }

    /** The model's id at its endpoint; empty where a command chooses its own. */
    String model() {
        return model;
    }

    /** The name for people, and with which errors begin. */
    String displayName() {
        return settings.text("name")
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .orElse(name);
    }

    Optional<String> key() {
        return settings.text("key").map(String::strip).filter(text -> !text.isEmpty());
    }

    /** Where the endpoint lies; the vendor's own where absent. */
    Optional<String> baseUrl() {
        return settings.text("base_url").map(String::strip).filter(text -> !text.isEmpty());
    }

    Optional<String> reasoningEffort() {
        return settings.text("reasoning_effort").map(text -> {
            String word = text.strip().toLowerCase(Locale.ROOT);
            if (!EFFORTS.contains(word)) {
                throw new InvalidInputException(
                        path("reasoning_effort"), text, "no such effort", "one of " + String.join(", ", EFFORTS));
            }
            return word;
        });
    }

    /** How much the model may think before it answers, in tokens, where its API takes a number for its effort. */
    Optional<Integer> thinkingTokens() {
        return reasoningEffort()
                .map(EFFORTS::indexOf)
                .filter(effort -> effort > 0)
                .map(THINKING::get);
    }

    /** How much one answer may be, in tokens, without what the model thinks. */
    Optional<Integer> maxTokens() {
        return settings.number("max_tokens").map(number -> {
            if (number < 1 || number > 10_000_000) {
                throw new InvalidInputException(
                        path("max_tokens"), String.valueOf(number), "out of range", "1 .. 10000000");
            }
            return Math.toIntExact(number);
        });
    }

    boolean isStreaming() {
        return settings.flag("stream").orElse(false);
    }

    /** How long one call of the model may take. */
    Duration timeout() {
        return settings.duration("timeout")
                .filter(time -> !time.isZero() && !time.isNegative())
                .orElse(LONGEST_CALL);
    }

    Optional<Prices> prices() {
        return Prices.read(settings);
    }

    Settings settings() {
        return settings;
    }

    /** The key's path in the configuration. */
    String path(String key) {
        return settings.path() + "." + key;
    }

    /** The entry as the host knows it. */
    Backend backend() {
        Backend.Builder backend = Backend.of(name).name(displayName()).credential(key().orElse(""));
        settings.text("session_sign").filter(sign -> !sign.isBlank()).ifPresent(backend::sessionSign);
        return backend.build();
    }

    @Override
    public String toString() {
        return "ModelEntry[" + name + "]";
    }
}
