package dev.kairos.orchestrator.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedactorTest {
    private static final String LONG = "abcdefghij0123456789ABCDEFGHIJ0123456789";
    private final Redactor redactor = new Redactor(List.of("hunter2-and-more", "p@ss w/rd", "short"));

    static Stream<String> secrets() {
        return Stream.of(
                "sk-" + LONG,
                "sk-ant-api03-" + LONG,
                "sk_live_" + LONG,
                "ghp_" + LONG,
                "github_pat_" + LONG,
                "glpat-" + LONG,
                "xoxb-123456789012-" + LONG,
                "hf_" + LONG,
                "AKIAIOSFODNN7EXAMPLE",
                "AIzaSyA" + LONG,
                "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl",
                "SG.abcdefghijklmnopqrst.ABCDEFGHIJKLMNOPQRST",
                "123456789:AAExampleExampleExampleExampleExamp");
    }

    @ParameterizedTest
    @MethodSource("secrets")
    void aTokenIsKnownByItsShapeWhereverItStands(String secret) {
        for (String text : List.of("%s", "got %s.", "\"%s\"", "(%s)", "https://api.example.org/x/%s/y", "k=%s\n")) {
            String clean = redactor.redact(text.formatted(secret));
            assertThat(clean).as(text).doesNotContain(secret.substring(8)).contains(Redactor.REDACTED);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Authorization: Bearer abc.def-123                      | Authorization: [redacted]
            {"authorization":"Basic dXNlcjpwYXNz","a":1}           | {"authorization":"[redacted]","a":1}
            sent bearer 0123456789abcdef0123                       | sent bearer [redacted]
            Set-Cookie: session=1; Path=/                          | Set-Cookie: [redacted]
            DB_PASSWORD=geheim next                                | DB_PASSWORD=[redacted] next
            DB_PWD=/geheim MYPWD=x pwd=geheim                      | DB_PWD=[redacted] MYPWD=[redacted] pwd=[redacted]
            password: "two words" next                             | password: [redacted] next
            {"client_secret": "a\\"b", "id": 7}                    | {"client_secret": [redacted], "id": 7}
            api-key = 12345                                        | api-key = [redacted]
            https://user:pa55@example.org/path                     | https://[redacted]@example.org/path
            https://example.org/?access_token=abc&x=1              | https://example.org/?access_token=[redacted]&x=1
            https://blob.example.org/f?sv=1&sig=abc%3D             | https://blob.example.org/f?sv=1&sig=[redacted]
            mysql --password geheim db                             | mysql --password [redacted] db
            https://hooks.slack.com/services/T0/B0/xyz             | https://hooks.slack.com/services/[redacted]
            https://api.telegram.org/bot12345678:AAExampleExampleExampleExampleExamp/send | https://api.telegram.org/bot[redacted]/send
            """)
    void secretsAreKnownByTheirPlace(String text, String clean) {
        assertThat(redactor.redact(text)).isEqualTo(clean);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "total tokens: 5000, cached tokens=20",
                "the basic understanding of bearer bonds",
                "https://example.org:8443/a?b=c",
                "git@github.com:kairos/kairos.git",
                "ssh://git@example.org/x.git",
                "disk 81% of 20G, load 0.5",
                "task-sk-1 and risk-free",
                "2027-01-15T09:00:00+01:00",
                "PWD=/srv/kairos OLDPWD=/home/x",
                "declare -x PWD=\"/srv/kairos\"",
                "{\"PWD\": \"/srv\"}",
                "short words stay short"
            })
    void ordinaryTextStays(String text) {
        assertThat(redactor.redact(text)).isEqualTo(text);
    }

    @Test
    void registeredValuesGoInEveryFormTheyTravelIn() {
        assertThat(redactor.redact("x hunter2-and-more y")).isEqualTo("x [redacted] y");
        assertThat(redactor.redact("p@ss w/rd p%40ss+w%2Frd cEBzcyB3L3Jk"))
                .isEqualTo("[redacted] [redacted] [redacted]");
    }

    @Test
    void aPrivateKeyGoesWhole() {
        String key = "a\n-----BEGIN RSA PRIVATE KEY-----\nMIIB\nxyz\n-----END RSA PRIVATE KEY-----\nb";
        assertThat(redactor.redact(key)).isEqualTo("a\n[redacted]\nb");
        assertThat(redactor.redact("-----BEGIN PRIVATE KEY-----\nMIIB")).isEqualTo("[redacted]");
        String open = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----";
        assertThat(redactor.redact(open)).isEqualTo(open);
    }

    @ParameterizedTest
    @MethodSource("secrets")
    void redactingTwiceChangesNothingMore(String secret) {
        String once = redactor.redact("token=" + secret + " Authorization: Bearer " + secret + " u://a:b@c");
        assertThat(redactor.redact(once)).isEqualTo(once);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "eyJ",
                "eyJ.",
                "://",
                "://a:",
                "token",
                "token=",
                "token=\"",
                "password: \"\\",
                "sk-",
                "sk-a",
                "bearer ",
                "authorization: bearer ",
                "1",
                "1:",
                "-----BEGIN ",
                "-----BEGIN PRIVATE KEY",
                "secret_",
                "cookie:",
                "&key=",
                "xoxb-",
                "SG.a",
                "SG.aaaaaaaaaaaaaaaaaaaaaaa",
                "AKIA",
                " --token ",
                "\n",
                " ",
                "token \t",
                "authorization  ",
                "hooks.slack.com/services/",
                "secret'='"
            })
    void aMebibyteOfAnythingTakesBoundedTime(String unit) {
        String text = unit.repeat((1 << 20) / unit.length());
        String clean = assertTimeoutPreemptively(Duration.ofSeconds(60), () -> redactor.redact(text));
        assertThat(clean.length()).isLessThanOrEqualTo(text.length() * 4);
    }
}
