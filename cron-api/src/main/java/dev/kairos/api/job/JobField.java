package dev.kairos.api.job;

import static dev.kairos.api.job.FieldCodec.*;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.schedule.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One field of a job's definition: its key in {@code jobs.json}, its shape, who may set it, and how its value is read
 * from and written to a plain tree (maps, lists, texts, numbers, booleans).
 *
 * <p>{@link #all()} is the whole catalogue, in the order in which the fields are written; front ends derive their flags
 * from it. The catalogue grows by new constants.
 *
 * <p>Status: experimental since 0.1.
 *
 * @param <T> the value's type
 */
public final class JobField<T> {
    private static final Catalogue CATALOGUE = new Catalogue();

    /** What people call the job; at most 200 characters. */
    public static final JobField<String> NAME =
            field("name", FieldType.TEXT, TrustLevel.AGENT, text(200), "what people call the job");

    /** When it is due. */
    public static final JobField<Schedule> SCHEDULE =
            field("schedule", FieldType.SCHEDULE, TrustLevel.AGENT, schedule(), "when it is due");

    /** The task for the agent; at most 100,000 characters. */
    public static final JobField<String> PROMPT =
            field("prompt", FieldType.TEXT, TrustLevel.AGENT, text(100_000), "the task for the agent");

    /** Skills loaded for the agent, in this order. */
    public static final JobField<List<String>> SKILLS =
            field("skills", FieldType.LIST, TrustLevel.AGENT, names(), "skills loaded for the agent, in order");

    /** Whether a run is blocked while one of its skills is missing; false where absent: the result then names it. */
    public static final JobField<Boolean> REQUIRE_SKILLS =
            field("require_skills", FieldType.FLAG, TrustLevel.AGENT, flag(), "a missing skill blocks the run");

    /** A file inside the home's {@code scripts} folder: the job itself, or what runs before the agent. */
    public static final JobField<String> SCRIPT = field(
            "script", FieldType.TEXT, TrustLevel.OPERATOR, text(1_000), "a file inside the home's scripts folder");

    /** Whether the script is the whole job and no agent is called; false where absent. */
    public static final JobField<Boolean> NO_AGENT =
            field("no_agent", FieldType.FLAG, TrustLevel.OPERATOR, flag(), "the script is the job; no agent is called");

    /** The name of a {@code JobHandler} of the embedding application. */
    public static final JobField<String> HANDLER =
            field("handler", FieldType.TEXT, TrustLevel.APPLICATION, text(200), "a named Java handler");

    /** JSON arguments of the handler. */
    public static final JobField<Map<String, Object>> ARGS =
            field("args", FieldType.OBJECT, TrustLevel.APPLICATION, object(), "JSON arguments of the handler");

    /** Environment variables of the script, beside the few that the host gives it. */
    public static final JobField<Map<String, String>> ENV =
            field("env", FieldType.TEXT_MAP, TrustLevel.OPERATOR, textMap(), "environment variables of the script");

    /** Ids of jobs whose newest output the agent reads before its task. */
    public static final JobField<List<String>> CONTEXT_FROM = field(
            "context_from", FieldType.LIST, TrustLevel.OPERATOR, texts(), "jobs whose newest output the agent reads");

    /** Whether the agent reads its own last output; false where absent. */
    public static final JobField<Boolean> CONTINUITY =
            field("continuity", FieldType.FLAG, TrustLevel.OPERATOR, flag(), "the agent reads its own last output");

    /** The folder in which it works; the script's own where absent. */
    public static final JobField<String> WORKDIR =
            field("workdir", FieldType.TEXT, TrustLevel.OPERATOR, text(4_000), "the working folder");

    /** The model, where it is pinned. */
    public static final JobField<String> MODEL =
            field("model", FieldType.TEXT, TrustLevel.OPERATOR, text(200), "the model, when pinned");

    /** The model's provider, where it is pinned; the key in {@code jobs.json} is {@code provider}. */
    public static final JobField<String> MODEL_PROVIDER =
            field("provider", FieldType.TEXT, TrustLevel.OPERATOR, text(200), "the model's provider, when pinned");

    /** The tools that the agent may use. */
    public static final JobField<List<String>> TOOLS =
            field("tools", FieldType.LIST, TrustLevel.OPERATOR, texts(), "the tools the agent may use");

    /** Where the result goes: {@code local}, {@code origin}, {@code all}, or platforms with or without an address. */
    public static final JobField<List<String>> DELIVER =
            field("deliver", FieldType.LIST, TrustLevel.AGENT, targets(), "where the result goes");

    /** Where failure messages go; where {@link #DELIVER} says if absent. */
    public static final JobField<List<String>> FAILURE_DELIVER =
            field("failure_deliver", FieldType.LIST, TrustLevel.AGENT, targets(), "where failure messages go");

    /** The chat that created the job: its platform, chat and thread. */
    public static final JobField<Map<String, Object>> ORIGIN =
            field("origin", FieldType.OBJECT, TrustLevel.APPLICATION, origin(), "the chat that created the job");

    /** Whether a silence marker in the result suppresses its delivery; true where absent. */
    public static final JobField<Boolean> ALLOW_SILENT =
            field("allow_silent", FieldType.FLAG, TrustLevel.AGENT, flag(), "a silence marker suppresses delivery");

    /** How many occurrences in all; without end where absent. */
    public static final JobField<Integer> REPEAT =
            field("repeat", FieldType.NUMBER, TrustLevel.AGENT, repeat(), "how many occurrences in all");

    /** False while it is paused; true where absent. */
    public static final JobField<Boolean> ENABLED =
            field("enabled", FieldType.FLAG, TrustLevel.AGENT, flag(), "false while paused");

    /** Since when it is paused. */
    public static final JobField<Instant> PAUSED_AT =
            field("paused_at", FieldType.INSTANT, TrustLevel.AGENT, instant(), "since when it is paused");

    /** Why it is paused. */
    public static final JobField<String> PAUSED_REASON =
            field("paused_reason", FieldType.TEXT, TrustLevel.AGENT, text(1_000), "why it is paused");

    /** The longest that an attempt may take; one hour, of an agent four, where absent. */
    public static final JobField<Duration> TIMEOUT =
            field("timeout", FieldType.DURATION, TrustLevel.OPERATOR, duration(), "the longest an attempt may take");

    /** The longest that an agent may go without doing anything; 600 s where absent. */
    public static final JobField<Duration> IDLE_TIMEOUT = field(
            "idle_timeout", FieldType.DURATION, TrustLevel.OPERATOR, duration(), "the longest an agent may be idle");

    /** What happens to an occurrence that comes due while the job runs; it is skipped where absent. */
    public static final JobField<Overlap> OVERLAP =
            field("overlap", FieldType.CHOICE, TrustLevel.OPERATOR, choice(Overlap.class), "skip, queue or allow");

    /** What happens to missed occurrences; as the configuration says where absent. */
    public static final JobField<Misfire> MISFIRE =
            field("misfire", FieldType.STRUCTURE, TrustLevel.OPERATOR, misfire(), "what happens to missed occurrences");

    /** The bound of a stable offset after each instant; none where absent. */
    public static final JobField<Duration> JITTER =
            field("jitter", FieldType.DURATION, TrustLevel.OPERATOR, duration(), "a stable offset below this");

    /** Whether a run that died with its node is attempted again; where absent, a one-shot is, a recurring job is not. */
    public static final JobField<OnCrash> ON_CRASH =
            field("on_crash", FieldType.CHOICE, TrustLevel.OPERATOR, choice(OnCrash.class), "never or rerun");

    /** How failed attempts are repeated; as the configuration says where absent. */
    public static final JobField<Retry> RETRY =
            field("retry", FieldType.STRUCTURE, TrustLevel.OPERATOR, retry(), "how failed attempts are repeated");

    /** What its agent runs may cost. */
    public static final JobField<Map<String, Object>> BUDGET =
            field("budget", FieldType.OBJECT, TrustLevel.OPERATOR, object(), "what its agent runs may cost");

    /** Labels. */
    public static final JobField<List<String>> TAGS =
            field("tags", FieldType.LIST, TrustLevel.AGENT, names(), "labels");

    /** When it was created. */
    public static final JobField<Instant> CREATED_AT =
            field("created_at", FieldType.INSTANT, TrustLevel.OPERATOR, instant(), "when it was created");

    /** When its definition was last edited. */
    public static final JobField<Instant> UPDATED_AT =
            field("updated_at", FieldType.INSTANT, TrustLevel.OPERATOR, instant(), "when it was last edited");

    private final String key;
    private final FieldType type;
    private final TrustLevel trust;
    private final FieldCodec<T> codec;
    private final String meaning;

    private JobField(String key, FieldType type, TrustLevel trust, FieldCodec<T> codec, String meaning) {
        this.key = key;
        this.type = type;
        this.trust = trust;
        this.codec = codec;
        this.meaning = meaning;
    }

    private static <T> JobField<T> field(
            String key, FieldType type, TrustLevel trust, FieldCodec<T> codec, String meaning) {
        return CATALOGUE.add(new JobField<>(key, type, trust, codec, meaning));
    }

    /** Every field, in the order of {@code jobs.json}. */
    public static List<JobField<?>> all() {
        return CATALOGUE.fields();
    }

    /** The field with the given key, or empty for an unknown one. */
    public static Optional<JobField<?>> byKey(String key) {
        return CATALOGUE.find(key);
    }

    /** The key in {@code jobs.json}. */
    public String key() {
        return key;
    }

    /** The value's shape. */
    public FieldType type() {
        return type;
    }

    /** The least level that may set it. */
    public TrustLevel trust() {
        return trust;
    }

    /** What it means, a clause for a help text. */
    public String meaning() {
        return meaning;
    }

    /**
     * Reads a value leniently from a plain tree.
     *
     * @throws InvalidInputException if the value is not acceptable; it names this field
     */
    public T read(Object raw) {
        return codec.read(key, raw);
    }

    /** The canonical plain-tree form; {@link #read} gives an equal value back. */
    public Object write(T value) {
        return codec.write(value);
    }

    @Override
    public String toString() {
        return key;
    }
}
