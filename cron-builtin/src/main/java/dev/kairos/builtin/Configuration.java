package dev.kairos.builtin;

import dev.kairos.api.DurationText;
import dev.kairos.api.InvalidInputException;
import dev.kairos.api.Settings;
import dev.kairos.api.env.HostFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * The configuration of one home: {@code config.yaml}, over it environment variables, over those system properties. The
 * key {@code cron.provider} is the variable {@code KAIROS_CRON_PROVIDER} and the property {@code kairos.cron.provider};
 * the same rule holds for every key, those of plug-ins included: upper case, and an underscore for whatever is no letter
 * or digit. A blank value counts as absent. In a value of any of the three, {@code ${NAME}} is an
 * environment variable and {@code ${file:/path}} a file's content.
 *
 * <p>Immutable; any thread may read. Values are filled in when they are read, so a secret's file may be replaced while the
 * process runs. Status: experimental since 0.1.
 */
public final class Configuration implements Settings {
    private static final String PROPERTY_PREFIX = "kairos.";
    private static final Set<String> SECRET_WORDS = Set.of(
            "token", "secret", "password", "passwd", "key", "credential", "credentials", "apikey", "auth", "pat");

    /** As the end of a word they say the same: PGPASSWORD, BOTTOKEN. */
    private static final List<String> SECRET_ENDINGS = List.of("token", "secret", "password", "passwd", "apikey");

    private static final String FILE = "_file";

    private final String file;
    private final Map<String, Object> values;
    private final Map<String, String> environment;
    private final Map<String, String> properties;
    private final Interpolation interpolation;
    private final GivenSecrets given;

    private Configuration(
            String file,
            Map<String, Object> values,
            Map<String, String> environment,
            Map<String, String> properties,
            Interpolation interpolation,
            GivenSecrets given) {
        this.file = file;
        this.values = values;
        this.environment = Map.copyOf(environment);
        this.properties = Map.copyOf(properties);
        this.interpolation = interpolation;
        this.given = given;
    }

    /**
     * Loads the home's configuration. Unknown keys and values of a wrong form do not stop it: see {@link #warnings} and
     * {@link #problems}.
     *
     * @param home the home folder; its {@code config.yaml} may be absent
     * @param environment the environment variables
     * @param properties the system properties; only those that begin with {@code kairos.} count
     * @throws InvalidInputException if config.yaml is there and cannot be read or is no YAML mapping
     */
    public static Configuration load(
            Path home, HostFiles files, Map<String, String> environment, Map<String, String> properties) {
        Path file = home.resolve("config.yaml");
        Map<String, String> ours = new LinkedHashMap<>();
        properties.forEach((key, value) -> {
            if (key.startsWith(PROPERTY_PREFIX)) {
                ours.put(key, value);
            }
        });
        return new Configuration(
                file.toString(),
                ConfigFile.read(files, file),
                environment,
                ours,
                new Interpolation(environment, Optional.of(files), home),
                new GivenSecrets());
    }

    /**
     * A configuration made in code: for embedding and tests. Nothing is filled in from files.
     *
     * @param values dotted paths to texts, numbers, booleans or lists of them
     */
    public static Configuration of(Map<String, ?> values) {
        return new Configuration(
                "the settings given in code",
                new LinkedHashMap<>(values),
                Map.of(),
                Map.of(),
                new Interpolation(Map.of(), Optional.empty(), Path.of("")),
                new GivenSecrets());
    }

    /**
     * The same with its file read anew; one made in code stays as it is.
     *
     * @throws InvalidInputException if config.yaml cannot be read or is no YAML mapping
     */
    Configuration again(HostFiles files) {
        Path path = Path.of(file);
        return path.isAbsolute()
                ? new Configuration(file, ConfigFile.read(files, path), environment, properties, interpolation, given)
                : this;
    }

    /** What sets the key over config.yaml, in words; empty where nothing does. */
    public Optional<String> overriderOf(ConfigKey<?> key) {
        return placeOf(key).filter(where -> !where.startsWith(file + ", "));
    }

    /** What sets the key, in words; empty where its standard value holds. */
    public Optional<String> placeOf(ConfigKey<?> key) {
        return raw(key.path()).map(Raw::where);
    }

    /** The same configuration with some keys set from code, over file, environment and properties. */
    public Configuration with(Map<String, String> overrides) {
        Map<String, String> more = new LinkedHashMap<>(properties);
        overrides.forEach((key, value) -> more.put(PROPERTY_PREFIX + key, value));
        return new Configuration(file, values, environment, more, interpolation, given);
    }

    /**
     * The value of a key, its standard value where it is absent.
     *
     * @throws InvalidInputException if the value has another form
     */
    public <T> Optional<T> get(ConfigKey<T> key) {
        return key.read(this).or(key::standard);
    }

    /** The value of a key, its standard value where it is absent or has another form ({@link #problems} says so). */
    public <T> Optional<T> getLenient(ConfigKey<T> key) {
        try {
            return get(key);
        } catch (InvalidInputException e) {
            return key.standard();
        }
    }

    /** Keys that nobody reads, each a sentence with the nearest known key. */
    public List<String> warnings() {
        return ConfigCheck.unknownKeys(this);
    }

    /**
     * Keys of the host whose value has a wrong form; the standard value holds in their place. Not {@code store.url}, for
     * which nothing stands in: whoever opens the store refuses it.
     */
    public List<InvalidInputException> problems() {
        return ConfigCheck.problems(this);
    }

    /**
     * Tells every secret that can be read now, so that it can be taken out of texts: tokens, passwords, keys, and what
     * files hold. Whatever is read later, because its file was replaced, is told before it is given out.
     *
     * @param listener called at once, and later on the thread that reads; quick
     */
    public void tellSecrets(Consumer<Collection<String>> listener) {
        secrets().forEach(given::add);
        given.tell(listener);
    }

    /** Has one more secret taken out of texts, which stands in no key. */
    public void withhold(String secret) {
        given.add(secret);
    }

    private List<String> secrets() {
        Set<String> all = paths();
        ConfigKey.all().forEach(key -> all.add(key.path()));
        List<String> secrets = new ArrayList<>();
        environment.forEach((name, value) -> { // a key of a plug-in that only a variable sets has no known path
            if (name.startsWith("KAIROS_") && isSecret(name)) {
                secrets.add(value);
            }
        });
        for (String path : all) {
            try {
                if (isSecret(path)) {
                    secrets.addAll(texts(path));
                    secrets.addAll(raw(path).filter(raw -> !(raw.value() instanceof List)).map(this::filled).stream()
                            .toList());
                } else if (path.endsWith(FILE) && isSecret(path.substring(0, path.length() - FILE.length()))) {
                    text(path)
                            .map(file -> interpolation
                                    .fill(path, "${file:" + file + "}")
                                    .strip())
                            .ifPresent(secrets::add);
                } else {
                    raw(path)
                            .map(Raw::value)
                            .map(String::valueOf)
                            .filter(Interpolation::isNeededIn)
                            .ifPresent(text -> texts(path));
                }
            } catch (InvalidInputException e) {
                // What cannot be read cannot leak either.
            }
        }
        return secrets;
    }

    /** The file it was loaded from, or words where there is none. */
    public String source() {
        return file;
    }

    @Override
    public Optional<String> text(String key) {
        return raw(key).map(raw -> {
            if (raw.value() instanceof List || raw.value() instanceof Map) {
                throw refused(raw, "a single text is expected", "one value, not a list or a subtree");
            }
            return filled(raw);
        });
    }

    @Override
    public Optional<Duration> duration(String key) {
        return text(key).map(text -> {
            Raw raw = raw(key).orElseThrow();
            try {
                return DurationText.parse(raw.where(), text);
            } catch (InvalidInputException e) {
                throw refused(raw, raw.isTellable() ? e.reason() : "not a duration", e.accepted());
            }
        });
    }

    @Override
    public Optional<Long> number(String key) {
        return text(key).map(text -> {
            String digits = text.strip().replace("_", "");
            if (!digits.matches("-?[0-9]{1,18}")) {
                throw refused(raw(key).orElseThrow(), "not a whole number", "digits only, for example 8");
            }
            return Long.valueOf(digits);
        });
    }

    @Override
    public Optional<Boolean> flag(String key) {
        return text(key).map(text -> switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "true", "yes", "on" -> true;
            case "false", "no", "off" -> false;
            default -> throw refused(raw(key).orElseThrow(), "neither true nor false", "true or false");
        });
    }

    @Override
    public List<String> texts(String key) {
        Optional<Raw> found = raw(key);
        if (found.isEmpty()) {
            return List.of();
        }
        Raw raw = found.get();
        if (raw.value() instanceof Map) {
            throw refused(raw, "a list is expected", "[a, b] or a text with commas");
        }
        List<?> items =
                raw.value() instanceof List<?> list ? list : List.of(filled(raw).split(","));
        return items.stream()
                .map(item -> {
                    if (item instanceof List || item instanceof Map) {
                        throw refused(raw, "a list of texts is expected", "[a, b] or a text with commas");
                    }
                    return raw.value() instanceof List
                            ? given(raw, String.valueOf(item)).strip()
                            : String.valueOf(item).strip();
                })
                .filter(text -> !text.isEmpty())
                .toList();
    }

    @Override
    public Settings at(String key) {
        return new ConfigSubtree(this, key);
    }

    @Override
    public Set<String> keys() {
        return keysBelow("");
    }

    @Override
    public String path() {
        return "";
    }

    /** Every dotted path that is set in the file or by a property. */
    Set<String> paths() {
        Set<String> paths = new TreeSet<>(values.keySet());
        properties.keySet().forEach(key -> paths.add(key.substring(PROPERTY_PREFIX.length())));
        return paths;
    }

    Map<String, String> environment() {
        return environment;
    }

    /** The first words of all paths below the prefix, sorted, those that only a variable sets included where the key is known. */
    Set<String> keysBelow(String prefix) {
        Set<String> found = new TreeSet<>();
        Set<String> all = paths();
        ConfigKey.all().stream()
                .map(ConfigKey::path)
                .filter(path -> raw(path).isPresent())
                .forEach(all::add);
        for (String path : all) {
            if (path.startsWith(prefix)) {
                String rest = path.substring(prefix.length());
                int dot = rest.indexOf('.');
                found.add(dot < 0 ? rest : rest.substring(0, dot));
            }
        }
        return found;
    }

    /** The same in the order of the file; what is set elsewhere comes last. */
    Set<String> keysInOrder(String prefix) {
        Set<String> found = new LinkedHashSet<>();
        for (String path : values.keySet()) {
            if (path.startsWith(prefix)) {
                String rest = path.substring(prefix.length());
                int dot = rest.indexOf('.');
                found.add(dot < 0 ? rest : rest.substring(0, dot));
            }
        }
        found.addAll(keysBelow(prefix));
        return found;
    }

    /** Where a key's value stands, for messages. */
    static String where(Settings settings, String key) {
        if (settings instanceof Configuration configuration) {
            return configuration.raw(key).map(Raw::where).orElse(key);
        }
        return settings.path().isEmpty() ? key : settings.path() + "." + key;
    }

    static String variableOf(String path) {
        return "KAIROS_" + path.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }

    /** A duration as it would be written in the file. */
    static String words(Duration duration) {
        return DurationText.format(duration);
    }

    /** Refuses the value of a key, shown as it is written. */
    static InvalidInputException refusal(Settings settings, String key, String reason, String accepted) {
        return settings instanceof Configuration configuration
                ? configuration
                        .raw(key)
                        .map(raw -> refused(raw, reason, accepted))
                        .orElseGet(() -> new InvalidInputException(key, "", reason, accepted))
                : new InvalidInputException(where(settings, key), "", reason, accepted);
    }

    private record Raw(Object value, String where, boolean isSecret) {
        /** Whether a message may quote the value that was read. */
        boolean isTellable() {
            return !isSecret && !Interpolation.isNeededIn(String.valueOf(value));
        }
    }

    private Optional<Raw> raw(String path) {
        boolean secret = isSecret(path);
        String property = properties.get(PROPERTY_PREFIX + path);
        if (property != null && !property.isBlank()) {
            return Optional.of(new Raw(property, "system property " + PROPERTY_PREFIX + path, secret));
        }
        String variable = environment.get(variableOf(path));
        if (variable != null && !variable.isBlank()) {
            return Optional.of(new Raw(variable, "environment variable " + variableOf(path), secret));
        }
        Object value = values.get(path);
        if (value != null) {
            return Optional.of(new Raw(value, file + ", " + path, secret));
        }
        boolean isSubtree = values.keySet().stream().anyMatch(key -> key.startsWith(path + "."));
        return isSubtree ? Optional.of(new Raw(Map.of(), file + ", " + path, secret)) : Optional.empty();
    }

    /** The path of a secret's file is none. */
    private static boolean isSecret(String path) {
        String last = path.substring(path.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        if (last.endsWith(FILE)) {
            return false;
        }
        for (String word : last.split("[^a-z0-9]+")) {
            if (SECRET_WORDS.contains(word) || SECRET_ENDINGS.stream().anyMatch(word::endsWith)) {
                return true;
            }
        }
        return false;
    }

    private String filled(Raw raw) {
        String text = String.valueOf(raw.value());
        try {
            return given(raw, text);
        } catch (InvalidInputException e) {
            if (!raw.isSecret() || e.given().startsWith("${")) {
                throw e;
            }
            throw refused(raw, e.reason(), e.accepted());
        }
    }

    /** Fills in; what is secret of it is known before it is given out. */
    private String given(Raw raw, String text) {
        String value = interpolation.fill(raw.where(), text, (name, piece) -> {
            if (name.startsWith(Interpolation.FILE) || isSecret(name)) {
                given.add(piece);
            }
        });
        if (raw.isSecret()) {
            given.add(value);
        }
        return value;
    }

    /** Shows the value as it is written, never what was filled in, and never a secret. */
    private static InvalidInputException refused(Raw raw, String reason, String accepted) {
        String text = raw.value() instanceof Map ? "a subtree" : String.valueOf(raw.value());
        String shown = raw.isSecret() ? "(hidden)" : text.length() > 60 ? text.substring(0, 60) + "..." : text;
        return new InvalidInputException(raw.where(), shown, reason, accepted);
    }
}
