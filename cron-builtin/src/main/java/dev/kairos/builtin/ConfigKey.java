package dev.kairos.builtin;

import dev.kairos.api.DurationText;
import dev.kairos.api.InvalidInputException;
import dev.kairos.api.Settings;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One key of the configuration that the host itself reads: its path, the form of its value, the value that holds when it
 * is absent, and what it means. {@link #all()} is the whole catalogue; docs/configuration.md shows it and a test compares
 * the two. Plug-ins read keys of their own below the open subtrees of {@link ConfigCheck}.
 *
 * <p>Status: experimental since 0.1.
 *
 * @param <T> the value's type
 */
public final class ConfigKey<T> {
    private static final Map<String, ConfigKey<?>> CATALOGUE = new LinkedHashMap<>();
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Pattern LIMIT = Pattern.compile("\\s*([A-Za-z0-9._-]{1,64})\\s*=\\s*([1-9]\\d{0,4})\\s*");

    public static final ConfigKey<String> PROVIDER =
            text("cron.provider", "builtin", "what decides when a job is due: builtin, none, or a provider's name");
    public static final ConfigKey<Duration> INTERVAL = duration(
            "cron.interval",
            Duration.ofSeconds(60),
            "1s .. 1d",
            "the longest time between two passes of the ticker",
            Duration.ofSeconds(1),
            Duration.ofDays(1));
    public static final ConfigKey<String> TIMEZONE =
            zone("cron.timezone", "the zone of new jobs that name none; a later change moves no job");
    public static final ConfigKey<Long> MAX_PARALLEL_JOBS =
            number("cron.max_parallel_jobs", "cores x 4", 1, 10_000, "how many runs this node does at the same time");
    public static final ConfigKey<List<String>> NODE_TAGS = words(
            "cron.node_tags",
            "what this node has that jobs with a tag needs-WORD ask for; no other node takes those jobs");
    public static final ConfigKey<Map<String, Integer>> TAG_LIMITS = limits(
            "cron.tag_limits",
            "how many runs of jobs with a tag there are at the same time, on all nodes of the store that have the same"
                    + " setting together");
    public static final ConfigKey<Boolean> WRAP_RESPONSE =
            flag("cron.wrap_response", true, "put a header and a footer around delivered messages");
    public static final ConfigKey<String> MISFIRE_POLICY = choice(
            "cron.misfire.policy",
            "run_once",
            List.of("run_once", "skip", "run_all"),
            "what to run of occurrences whose time passed");
    public static final ConfigKey<String> MISFIRE_GRACE =
            grace("cron.misfire.grace", "how late the latest missed occurrence may be and still count as merely late");
    public static final ConfigKey<Duration> BACKSTOP = duration(
            "cron.backstop",
            Duration.ofMinutes(10),
            "0s .. 7d",
            "how long overdue an occurrence behind an external provider may be before the host claims it itself; 0s is never",
            Duration.ZERO,
            Duration.ofDays(7));
    public static final ConfigKey<Duration> RECONCILE_INTERVAL = duration(
            "cron.reconcile_interval",
            Duration.ofMinutes(10),
            "10s .. 1d",
            "how often an external provider is asked to bring what it has armed in line with the store",
            Duration.ofSeconds(10),
            Duration.ofDays(1));
    public static final ConfigKey<Duration> PROVIDER_START_TIMEOUT = duration(
            "cron.provider_start_timeout",
            Duration.ofSeconds(30),
            "1s .. 10m",
            "how long an external provider may take to arm before the built-in ticker covers for it",
            Duration.ofSeconds(1),
            Duration.ofMinutes(10));
    public static final ConfigKey<Long> MAX_RETRIES = number(
            "cron.retry.max_retries",
            "agents 2, others 0",
            0,
            100,
            "how often a failed attempt is repeated when its failure is transient");
    public static final ConfigKey<Duration> RETRY_BACKOFF = duration(
            "cron.retry.backoff",
            Duration.ofMillis(500),
            "0s .. 1d",
            "the wait before the first repetition; it doubles with each",
            Duration.ZERO,
            Duration.ofDays(1));
    public static final ConfigKey<Duration> RETRY_MAX_BACKOFF = duration(
            "cron.retry.max_backoff",
            Duration.ofSeconds(30),
            "0s .. 1d",
            "the longest wait between two repetitions",
            Duration.ZERO,
            Duration.ofDays(1));
    public static final ConfigKey<Boolean> ALLOW_AGENT_SCHEDULING =
            flag("cron.allow_agent_scheduling", false, "let agent runs create and change jobs");
    public static final ConfigKey<Boolean> JOBS_FILE = flag(
            "cron.jobs_file",
            "true on SQLite, else false",
            "keep cron/jobs.json as a readable, editable mirror of the store");
    public static final ConfigKey<String> STORE_URL = text(
            "store.url",
            "jdbc:sqlite:cron/state.db",
            "where jobs and the ledger live: jdbc:sqlite:PATH (relative to the home), jdbc:postgresql://HOST/DATABASE or memory:");
    public static final ConfigKey<Duration> LEDGER_KEEP = duration(
            "ledger.keep",
            Duration.ofDays(7),
            "1h .. 3660d",
            "how long ended executions stay in the ledger",
            Duration.ofHours(1),
            Duration.ofDays(3660));
    public static final ConfigKey<Long> LEDGER_MAX_PER_JOB = number(
            "ledger.max_per_job", "10000", 20, 10_000_000, "how many ended executions of one job stay in the ledger");
    public static final ConfigKey<List<Duration>> DELIVERY_RETRY_BACKOFF = durations(
            "delivery.retry_backoff",
            List.of(Duration.ofSeconds(60), Duration.ofSeconds(300), Duration.ofSeconds(1800)),
            "the waits before a failed delivery is tried again; as many retries as waits");
    public static final ConfigKey<List<String>> PLUGIN_FOLDERS = texts(
            "plugins.folders",
            "further folders in which JARs of plug-ins are looked for, beside plugins/ of the home; relative to it");
    public static final ConfigKey<Boolean> SERVER_ENABLED = flag(
            "server.enabled",
            "true where another key of server is set or the provider takes calls",
            "let kairos serve answer HTTP");
    public static final ConfigKey<String> SERVER_ADDRESS = text(
            "server.address",
            "127.0.0.1",
            "the address it listens on; one that other machines reach needs server.allowed_hosts");
    public static final ConfigKey<Long> SERVER_PORT = number(
            "server.port", "8784", 0, 65_535, "its port; 0 is any free one; server.url in the home has what it became");
    public static final ConfigKey<String> SERVER_TOKEN = text(
            "server.token",
            "none",
            "the token that requests must carry, of 16 characters or more; otherwise the file holds it");
    public static final ConfigKey<String> SERVER_TOKEN_FILE = text(
            "server.token_file",
            "server.token",
            "the file that holds it, relative to the home; made with a token of its own where it is missing");
    public static final ConfigKey<List<String>> SERVER_ALLOWED_HOSTS = texts(
            "server.allowed_hosts",
            "the names under which it may be called, beside localhost, the loopback addresses and its own address");
    public static final ConfigKey<Long> SERVER_MAX_BODY =
            number("server.max_body", "1048576", 1024, 16_777_216, "the largest body of a request, in bytes");
    public static final ConfigKey<Long> SERVER_MAX_HEADERS =
            number("server.max_headers", "8192", 1024, 65_536, "the largest head of a request, in bytes");
    public static final ConfigKey<Long> SERVER_MAX_CONNECTIONS = number(
            "server.max_connections",
            "200",
            8,
            10_000,
            "how many connections may be open; for one more, the one that was silent longest is closed");
    public static final ConfigKey<Duration> SERVER_REQUEST_TIMEOUT = duration(
            "server.request_timeout",
            Duration.ofSeconds(30),
            "1s .. 10m",
            "how long a whole request may take to arrive, and an answer to be taken",
            Duration.ofSeconds(1),
            Duration.ofMinutes(10));
    public static final ConfigKey<Duration> SERVER_IDLE_TIMEOUT = duration(
            "server.idle_timeout",
            Duration.ofSeconds(30),
            "1s .. 10m",
            "how long a connection may be open without a whole head of a request",
            Duration.ofSeconds(1),
            Duration.ofMinutes(10));

    private final String path;
    private final String form;
    private final String standardText;
    private final String meaning;
    private final Optional<T> standard;
    private final BiFunction<Settings, String, Optional<T>> reader;

    private ConfigKey(
            String path,
            String form,
            String standardText,
            String meaning,
            Optional<T> standard,
            BiFunction<Settings, String, Optional<T>> reader) {
        this.path = path;
        this.form = form;
        this.standardText = standardText;
        this.meaning = meaning;
        this.standard = standard;
        this.reader = reader;
        CATALOGUE.put(path, this);
    }

    /** Every key the host reads, in the order of the documentation. */
    public static List<ConfigKey<?>> all() {
        return new ArrayList<>(CATALOGUE.values());
    }

    /** The dotted path, for example {@code cron.interval}. */
    public String path() {
        return path;
    }

    /** The form of the value in words, with its range. */
    public String form() {
        return form;
    }

    /** What holds when the key is absent, in words. */
    public String standardText() {
        return standardText;
    }

    /** What it means, a clause. */
    public String meaning() {
        return meaning;
    }

    /** What holds when the key is absent; empty where that depends on the machine or is nothing. */
    public Optional<T> standard() {
        return standard;
    }

    /**
     * The configured value, without a stand-in for an absent one.
     *
     * @throws InvalidInputException if the value has another form
     */
    public Optional<T> read(Settings root) {
        return reader.apply(root, path);
    }

    @Override
    public String toString() {
        return path;
    }

    private static ConfigKey<String> text(String path, String standard, String meaning) {
        Optional<String> value = standard.equals("none") ? Optional.empty() : Optional.of(standard);
        return new ConfigKey<>(path, "text", standard, meaning, value, Settings::text);
    }

    private static ConfigKey<Boolean> flag(String path, String standard, String meaning) {
        return new ConfigKey<>(path, "true or false", standard, meaning, Optional.empty(), Settings::flag);
    }

    private static ConfigKey<Boolean> flag(String path, boolean standard, String meaning) {
        return new ConfigKey<>(
                path, "true or false", String.valueOf(standard), meaning, Optional.of(standard), Settings::flag);
    }

    private static ConfigKey<String> choice(String path, String standard, List<String> choices, String meaning) {
        String form = String.join(", ", choices);
        return new ConfigKey<>(
                path,
                form,
                standard,
                meaning,
                Optional.of(standard),
                (root, key) -> root.text(key).map(text -> {
                    String word = text.strip().toLowerCase(Locale.ROOT).replace('-', '_');
                    if (!choices.contains(word)) {
                        throw Configuration.refusal(root, key, "not one of the choices", "one of " + form);
                    }
                    return word;
                }));
    }

    private static ConfigKey<String> zone(String path, String meaning) {
        return new ConfigKey<>(
                path,
                "IANA zone",
                "the system's",
                meaning,
                Optional.empty(),
                (root, key) -> root.text(key).map(text -> {
                    try {
                        return ZoneId.of(text.strip()).getId();
                    } catch (DateTimeException e) {
                        throw Configuration.refusal(
                                root, key, "no such time zone", "an IANA zone such as Europe/Warsaw or UTC");
                    }
                }));
    }

    private static ConfigKey<String> grace(String path, String meaning) {
        return new ConfigKey<>(
                path,
                "auto or a duration",
                "auto",
                meaning,
                Optional.of("auto"),
                (root, key) -> root.text(key).map(text -> {
                    if (text.strip().equalsIgnoreCase("auto")) {
                        return "auto";
                    }
                    root.duration(key);
                    return text.strip();
                }));
    }

    private static ConfigKey<Long> number(String path, String standard, long least, long most, String meaning) {
        Optional<Long> value =
                standard.chars().allMatch(Character::isDigit) ? Optional.of(Long.valueOf(standard)) : Optional.empty();
        String form = "whole number " + least + " .. " + most;
        return new ConfigKey<>(
                path,
                form,
                standard,
                meaning,
                value,
                (root, key) -> root.number(key).map(number -> {
                    if (number < least || number > most) {
                        throw Configuration.refusal(root, key, "out of range", form);
                    }
                    return number;
                }));
    }

    private static ConfigKey<Duration> duration(
            String path, Duration standard, String range, String meaning, Duration least, Duration most) {
        String form = "duration " + range;
        return new ConfigKey<>(
                path,
                form,
                Configuration.words(standard),
                meaning,
                Optional.of(standard),
                (root, key) -> root.duration(key).map(value -> {
                    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
                        throw Configuration.refusal(root, key, "out of range", form);
                    }
                    return value;
                }));
    }

    private static ConfigKey<List<String>> words(String path, String meaning) {
        return new ConfigKey<>(path, "list of words", "none", meaning, Optional.empty(), (root, key) -> {
            List<String> texts = root.texts(key);
            if (!texts.stream().allMatch(text -> WORD.matcher(text).matches())) {
                throw Configuration.refusal(
                        root,
                        key,
                        "not a list of words",
                        "words of letters, digits, '.', '_' and '-', such as [gpu, eu]");
            }
            return texts.isEmpty() ? Optional.empty() : Optional.of(texts);
        });
    }

    private static ConfigKey<Map<String, Integer>> limits(String path, String meaning) {
        return new ConfigKey<>(path, "list of TAG=NUMBER", "none", meaning, Optional.empty(), (root, key) -> {
            Map<String, Integer> limits = new LinkedHashMap<>();
            for (String text : root.texts(key)) {
                Matcher limit = LIMIT.matcher(text);
                if (!limit.matches() || limits.put(limit.group(1), Integer.valueOf(limit.group(2))) != null) {
                    throw Configuration.refusal(
                            root,
                            key,
                            "not a list of tags, each once, with a number from 1 to 99999",
                            "for example [slack=2, database=1]");
                }
            }
            return limits.isEmpty() ? Optional.empty() : Optional.of(limits);
        });
    }

    private static ConfigKey<List<String>> texts(String path, String meaning) {
        return new ConfigKey<>(
                path,
                "list of texts",
                "none",
                meaning,
                Optional.of(List.of()),
                (root, key) -> Optional.of(root.texts(key)).filter(texts -> !texts.isEmpty()));
    }

    private static ConfigKey<List<Duration>> durations(String path, List<Duration> standard, String meaning) {
        String words =
                String.join(", ", standard.stream().map(Configuration::words).toList());
        return new ConfigKey<>(path, "list of durations", words, meaning, Optional.of(standard), (root, key) -> {
            List<String> texts = root.texts(key);
            if (texts.isEmpty()) {
                return Optional.empty();
            }
            try {
                return Optional.of(texts.stream()
                        .map(text -> DurationText.parse(key, text))
                        .toList());
            } catch (InvalidInputException e) {
                throw Configuration.refusal(root, key, "not a list of durations", e.accepted());
            }
        });
    }
}
