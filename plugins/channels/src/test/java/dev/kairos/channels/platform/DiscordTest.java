package dev.kairos.channels.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.testkit.StandInPlatform.Reply;
import dev.kairos.testkit.StandInPlatform.Request;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Discord API v10, "Create Message", "Execute Webhook", "Rate Limits" (discord.com/developers/docs). */
final class DiscordTest extends PlatformTest {
    @Override
    protected String name() {
        return "discord";
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
        return List.of("1234567890123456789", "1234567890123456789:2234567890123456789", "alerts");
    }

    @Override
    protected List<String> wrongAddresses() {
        return List.of("", "12", "#general", "https://discord.com/api/webhooks/1234567890123456789/abc");
    }

    @Override
    protected Reply confirmation() {
        return Reply.of(200, "{\"id\":\"334385199974967042\",\"channel_id\":\"290926798999357250\"}");
    }

    @Override
    protected String receipt() {
        return "334385199974967042";
    }

    @Override
    protected Reply tooOften() {
        return Reply.of(
                429,
                "{\"message\":\"You are being rate limited.\",\"retry_after\":7.25,\"global\":false}",
                "Retry-After: 8");
    }

    @Override
    protected Reply unknownAddress() {
        return Reply.of(404, "{\"message\":\"Unknown Channel\",\"code\":10003}");
    }

    @Override
    protected int sizeOf(String part) {
        return part.length();
    }

    @Override
    protected int limit() {
        return 2000;
    }

    @Override
    protected boolean hasFences() {
        return true;
    }

    @Test
    void theRequestIsTheDocumentedOne() throws Exception {
        Request request = sent("1234567890123456789", "**done** @everyone");
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.target()).isEqualTo("/api/v10/channels/1234567890123456789/messages");
        assertThat(request.headers())
                .containsEntry("authorization", "Bot " + SECRET)
                .containsEntry("content-type", "application/json; charset=utf-8");
        assertThat(request.headers().get("user-agent")).startsWith("DiscordBot (");
        assertThat(request.body())
                .startsWith("{\"content\":\"**done** @everyone\",\"allowed_mentions\":{\"parse\":[]},\"flags\":4,"
                        + "\"nonce\":\"")
                .endsWith("\",\"enforce_nonce\":true}");
    }

    @Test
    void aThreadIsAChannelOfItsOwn() throws Exception {
        assertThat(sent("1234567890123456789:2234567890123456789", "x").target())
                .isEqualTo("/api/v10/channels/2234567890123456789/messages");
    }

    @Test
    void aConfiguredWebhookIsExecutedAndWaitedFor() throws Exception {
        var channel = openWith(Map.of(
                "url",
                platform().url(),
                "webhooks.alerts.secret_url",
                "https://discord.com/api/webhooks/1234567890123456789/" + SECRET));
        platform().then(confirmation());
        channel.send(new dev.kairos.api.delivery.DeliveryMessage("alerts:2234567890123456789", "x", "k", "j"));
        assertThat(platform().request().target())
                .isEqualTo(
                        "/api/v10/webhooks/1234567890123456789/" + SECRET + "?wait=true&thread_id=2234567890123456789");
        assertThat(platform().request().body()).doesNotContain("nonce");
        assertThat(channel.recognisesRepetitionFor()).isEqualTo(Duration.ZERO);
    }

    @Test
    void whatTheWordsHoldIsNoMark() {
        assertThat(channel().parts("2 \\* 3 \\_x\\_ \\# a\n\n\\# no heading\n\n1\\. no list"))
                .containsExactly("2 \\* 3 \\_x\\_ # a\n\n\\# no heading\n\n1\\. no list");
    }

    /** "Uploading files": payload_json, and files[n] for each attachment that it describes. */
    @Test
    void aFileIsAFormWithItsDescription() throws Exception {
        Request request = sentFile("1234567890123456789", "a \"b\".csv", "text/csv", "a,b\n")
                .get(0);
        assertThat(request.method() + request.target()).isEqualTo("POST/api/v10/channels/1234567890123456789/messages");
        assertThat(request.headers()).containsEntry("authorization", "Bot " + SECRET);
        assertThat(request.body().replaceAll("nonce\":\"[0-9a-f]{25}", "nonce\":\"N"))
                .isEqualTo(formPart(
                                "name=\"payload_json\"\r\nContent-Type: application/json",
                                "{\"attachments\":[{\"id\":0,\"filename\":\"a \\\"b\\\".csv\"}],"
                                        + "\"nonce\":\"N\",\"enforce_nonce\":true}")
                        + formPart("name=\"files[0]\"; filename=\"a %22b%22.csv\"\r\nContent-Type: text/csv", "a,b\n")
                        + FORM_END);
    }
}
