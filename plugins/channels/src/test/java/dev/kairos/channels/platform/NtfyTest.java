package dev.kairos.channels.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.testkit.StandInPlatform.Reply;
import dev.kairos.testkit.StandInPlatform.Request;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** ntfy, "Publish as JSON", "Limitations" (docs.ntfy.sh/publish). */
final class NtfyTest extends PlatformTest {
    @Override
    protected String name() {
        return "ntfy";
    }

    @Override
    protected Map<String, String> settings(String url) {
        return Map.of("url", url, "token", SECRET);
    }

    @Override
    protected List<String> secrets() {
        return List.of(SECRET);
    }

    @Override
    protected List<String> addresses() {
        return List.of("my-backups", "Ops_1");
    }

    @Override
    protected List<String> wrongAddresses() {
        return List.of("", "a b", "topic/x", "a:b");
    }

    @Override
    protected Reply confirmation() {
        return Reply.of(
                200, "{\"id\":\"sPs71M8A2T\",\"time\":1643935928,\"event\":\"message\",\"topic\":\"my-backups\"}");
    }

    @Override
    protected String receipt() {
        return "sPs71M8A2T";
    }

    @Override
    protected int sizeOf(String part) {
        return part.getBytes(StandardCharsets.UTF_8).length;
    }

    @Override
    protected int limit() {
        return 4096;
    }

    @Override
    protected boolean hasFences() {
        return true;
    }

    @Test
    void theRequestIsTheDocumentedOne() throws Exception {
        Request request = sent("my-backups", "**done**");
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.target()).isEqualTo("/");
        assertThat(request.headers()).containsEntry("authorization", "Bearer " + SECRET);
        assertThat(request.body())
                .isEqualTo("{\"topic\":\"my-backups\",\"title\":\"Backup \u2713\\r\\nX-Evil: 1\","
                        + "\"message\":\"**done**\",\"markdown\":true}");
    }

    /** "Attach local file": the file is the body. */
    @Test
    void aFileIsTheBody() throws Exception {
        Request request =
                sentFile("my-backups", "na\u00efve.csv", "text/csv", "a,b\n").get(0);
        assertThat(request.method() + request.target()).isEqualTo("PUT/my-backups");
        assertThat(request.headers())
                .containsEntry("filename", "=?UTF-8?B?bmHDr3ZlLmNzdg==?=")
                .containsEntry("title", "Backup")
                .containsEntry("content-type", "text/csv");
        assertThat(request.body()).isEqualTo("a,b\n");
    }
}
