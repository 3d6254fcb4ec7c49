package dev.kairos.orchestrator.delivery;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Takes secrets out of text that leaves: messages, logs, errors, the ledger. It knows the values it was given, the shapes
 * of common tokens, and the places where secrets stand (headers, URLs, {@code password=...}).
 *
 * <p>Time is linear in the text: each pattern either begins only where a run of its characters begins, or consumes what
 * it looked at, or looks a bounded distance ahead. Thread-safe. Status: internal.
 */
public final class Redactor {
    /** What stands in a secret's place. */
    public static final String REDACTED = "[redacted]";

    private static final int SHORTEST_SECRET = 6;
    private static final String RUN_BEGINS = "(?<![A-Za-z0-9_-])";
    private static final String KEY_BEGINS = "-----BEGIN ";
    private static final String KEY_NAME = "PRIVATE KEY";

    /** As a part of a name it is a password; alone before a path it is the shell's working folder. */
    private static final String PWD =
            "(?<=[A-Za-z0-9_-])(?<!(?<![A-Za-z0-9_-])OLD)pwd" + "|pwd(?![\"']?[ \\t]{0,5}+[=:][ \\t]{0,5}+[\"']?/)";

    private static final List<Rule> RULES = List.of(
            // user:password@ in a URL
            rule("(?<=://)[^\\s/@:]{0,256}+:[^\\s/@]{1,512}+(?=@)", REDACTED, "://"),
            // Authorization and Cookie headers, also as JSON
            rule(
                    "(?i)(\\b(?:proxy-)?authorization[\"']?[ \\t]{0,5}+[:=][ \\t]{0,5}+[\"']?)"
                            + "(?:(?:bearer|basic|token|digest|apikey|negotiate)[ \\t]{1,5}+)?[^\\s\"',;]++",
                    "$1" + REDACTED,
                    "authorization"),
            rule("(?i)(\\b(?:set-)?cookie:[ \\t]{0,5}+)[^\\r\\n]++", "$1" + REDACTED, "cookie:"),
            rule("(?i)(\\bbearer[ \\t]{1,5}+)[A-Za-z0-9._~+/=-]{16,}+", "$1" + REDACTED, "bearer"),
            // secret-like names: PASSWORD=..., "api_key": "...", --token ..., ?sig=...
            rule(
                    "(?i)((?:passw(?:or)?d|passphrase|" + PWD + "|secret|token(?!s)|api[_-]?key"
                            + "|access[_-]?key|private[_-]?key|credential(?!s))[A-Za-z0-9_.-]{0,40}+"
                            + "[\"']?[ \\t]{0,5}+(?:=|:(?!//))[ \\t]{0,5}+)(?!\\[redacted\\])"
                            + "(\"(?:[^\"\\\\\\r\\n]|\\\\.)*+\"?|'[^'\\r\\n]*+'?|[^\\s\"'&,;<>\\])}]++)",
                    "$1" + REDACTED,
                    "passw",
                    "passphrase",
                    "pwd",
                    "secret",
                    "token",
                    "key",
                    "credential"),
            rule("(?i)([?&](?:key|sig|signature|code)=)[^\\s&#\"'<>]++", "$1" + REDACTED, "key=", "sig", "code="),
            rule(
                    "(?i)((?:^|\\s)--?(?:password|token|secret|api-?key)[ \\t]{1,5}+)[^\\s-][^\\s]*+",
                    "$1" + REDACTED,
                    "-password",
                    "-token",
                    "-secret",
                    "-api"),
            // tokens by their shape
            rule(RUN_BEGINS + "eyJ[A-Za-z0-9_-]{8,}+\\.[A-Za-z0-9_-]{8,}+\\.[A-Za-z0-9_-]*+", REDACTED, "eyj"),
            rule(
                    RUN_BEGINS + "(?:sk|rk|pk)[-_](?:[a-z]{2,10}[-_])?[A-Za-z0-9_-]{16,}+",
                    REDACTED,
                    "sk-",
                    "sk_",
                    "rk-",
                    "rk_",
                    "pk-",
                    "pk_"),
            rule(
                    RUN_BEGINS + "(?:gh[pousr]_|github_pat_|glpat-|gldt-|hf_|npm_|pypi-|dop_v1_|shp[a-z]{2}_|xox[a-z]-"
                            + "|xapp-|ya29\\.|whsec_|AGE-SECRET-KEY-1)[A-Za-z0-9_-]{12,}+",
                    REDACTED,
                    "gh",
                    "gl",
                    "hf_",
                    "npm_",
                    "pypi-",
                    "dop_",
                    "shp",
                    "xox",
                    "xapp-",
                    "ya29.",
                    "whsec_",
                    "age-secret"),
            rule(
                    RUN_BEGINS + "(?:AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{16}(?![A-Za-z0-9])",
                    REDACTED,
                    "akia",
                    "asia",
                    "abia",
                    "acca"),
            rule(RUN_BEGINS + "AIza[A-Za-z0-9_-]{30,}+", REDACTED, "aiza"),
            rule(RUN_BEGINS + "SG\\.[A-Za-z0-9_-]{16,}+\\.[A-Za-z0-9_-]{16,}+", REDACTED, "sg."),
            rule("(?<![0-9])[0-9]{6,12}+:[A-Za-z0-9_-]{30,64}+", REDACTED, ":"),
            rule(
                    "(?i)(hooks\\.slack\\.com/(?:services|workflows)/)[A-Za-z0-9/_-]++",
                    "$1" + REDACTED,
                    "hooks.slack.com"),
            rule(
                    "(?i)(discord(?:app)?\\.com/api/(?:v[0-9]{1,3}/)?webhooks/[0-9]{1,25}/)[A-Za-z0-9_-]++",
                    "$1" + REDACTED,
                    "webhooks/"));

    /**
     * One pattern.
     *
     * @param signs what any text it matches contains, in lower case: a quick look before the slow one
     */
    private record Rule(Pattern pattern, String replacement, List<String> signs) {}

    private static Rule rule(String pattern, String replacement, String... signs) {
        return new Rule(Pattern.compile(pattern), replacement, List.of(signs));
    }

    private volatile List<String> literals = List.of();

    /**
     * A redactor that knows some secrets by value.
     *
     * @param secrets values from the configuration; those under six characters are ignored, since taking them out would
     *     shred ordinary text
     */
    public Redactor(Collection<String> secrets) {
        learn(secrets);
    }

    /** Knows these too from now on; short ones are ignored as at the beginning. */
    public final synchronized void learn(Collection<String> secrets) {
        Set<String> forms = new LinkedHashSet<>(literals);
        for (String secret : secrets) {
            String value = secret.strip();
            if (value.length() >= SHORTEST_SECRET) {
                forms.add(value);
                forms.add(URLEncoder.encode(value, StandardCharsets.UTF_8));
                forms.add(Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8)));
            }
        }
        literals = forms.stream()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
    }

    /** The text without its secrets. Safe to call twice on the same text. */
    public String redact(String text) {
        String clean = text;
        for (String literal : literals) {
            clean = clean.replace(literal, REDACTED);
        }
        clean = withoutPrivateKeys(clean);
        String lower = clean.toLowerCase(Locale.ROOT);
        for (Rule rule : RULES) {
            if (rule.signs().stream().anyMatch(lower::contains)) {
                clean = rule.pattern().matcher(clean).replaceAll(rule.replacement());
            }
        }
        return clean;
    }

    /** PEM blocks: from the first line to the last, or to the end of the text. */
    private static String withoutPrivateKeys(String text) {
        int begin = text.indexOf(KEY_BEGINS);
        if (begin < 0) {
            return text;
        }
        StringBuilder clean = new StringBuilder();
        int done = 0;
        while (begin >= 0) {
            int named = text.indexOf(KEY_NAME, begin);
            if (named < 0) {
                break;
            }
            boolean isKey = named - begin < 60;
            int end = isKey ? endOfKey(text, named + KEY_NAME.length()) : begin + KEY_BEGINS.length();
            clean.append(text, done, begin).append(isKey ? REDACTED : KEY_BEGINS);
            done = end;
            begin = text.indexOf(KEY_BEGINS, end);
        }
        return clean.append(text, done, text.length()).toString();
    }

    private static int endOfKey(String text, int from) {
        int end = text.indexOf("-----END ", from);
        int named = end < 0 ? -1 : text.indexOf(KEY_NAME + "-----", end);
        return named < 0 ? text.length() : named + KEY_NAME.length() + 5;
    }
}
