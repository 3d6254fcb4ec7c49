package dev.kairos.channels.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.delivery.Attachment;
import dev.kairos.api.delivery.DeliveryException;
import dev.kairos.api.delivery.DeliveryMessage;
import dev.kairos.api.delivery.EnvelopeState;
import dev.kairos.testkit.DeliveryStory;
import dev.kairos.testkit.StandInPlatform.Reply;
import dev.kairos.testkit.StandInPlatform.Request;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Telegram Bot API 9.2, "sendMessage", "Formatting options: HTML style" and "Making requests" (core.telegram.org/bots/api). */
final class TelegramTest extends PlatformTest {
    private static final String TOKEN = "123456789:" + SECRET;

    @Override
    protected String name() {
        return "telegram";
    }

    @Override
    protected Map<String, String> settings(String url) {
        return Map.of("url", url, "token", TOKEN);
    }

    @Override
    protected List<String> secrets() {
        return List.of(SECRET);
    }

    @Override
    protected List<String> addresses() {
        return List.of("-1001234567890", "12345678", "-1001234567890:42", "@mychannel", "@mychannel:7");
    }

    @Override
    protected List<String> wrongAddresses() {
        return List.of("", "ann", "@a", "-100123:topic", "12 34", "1:2:3");
    }

    @Override
    protected Reply confirmation() {
        return Reply.of(200, "{\"ok\":true,\"result\":{\"message_id\":4711,\"chat\":{\"id\":-100}}}");
    }

    @Override
    protected String receipt() {
        return "4711";
    }

    @Override
    protected Reply tooOften() {
        return Reply.of(
                429,
                "{\"ok\":false,\"error_code\":429,\"description\":\"Too Many Requests: retry after 7\","
                        + "\"parameters\":{\"retry_after\":7}}");
    }

    @Override
    protected Reply unauthorised() {
        return Reply.of(401, "{\"ok\":false,\"error_code\":401,\"description\":\"Unauthorized\"}");
    }

    @Override
    protected Reply unknownAddress() {
        return Reply.of(400, "{\"ok\":false,\"error_code\":400,\"description\":\"Bad Request: chat not found\"}");
    }

    /** 1-4096 characters after the marks were read: what is between tags, with entities as what they stand for. */
    @Override
    protected int sizeOf(String part) {
        return part.replaceAll("<[^>]*>", "").replaceAll("&[a-z]+;", "&").length();
    }

    @Override
    protected int limit() {
        return 4096;
    }

    @Test
    void theRequestIsTheDocumentedOne() throws Exception {
        Request request = sent("-1001234567890:42", "**done** & <well>");
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.target()).isEqualTo("/bot" + TOKEN + "/sendMessage");
        assertThat(request.headers()).containsEntry("content-type", "application/json; charset=utf-8");
        assertThat(request.body())
                .isEqualTo("{\"chat_id\":\"-1001234567890\",\"message_thread_id\":42,"
                        + "\"text\":\"<b>done</b> &amp; &lt;well&gt;\",\"parse_mode\":\"HTML\","
                        + "\"link_preview_options\":{\"is_disabled\":true}}");
    }

    @Test
    void aBlockedBotIsToldHowToBeLetIn() {
        platform()
                .then(
                        Reply.of(
                                403,
                                "{\"ok\":false,\"error_code\":403,\"description\":\"Forbidden: bot was blocked by the user\"}"));
        assertThatThrownBy(() -> channel().send(new DeliveryMessage("12345678", "x", "k", "j")))
                .isInstanceOf(DeliveryException.class)
                .hasMessageContaining("bot was blocked by the user")
                .hasMessageContaining("unblock");
    }

    @Test
    void withoutATokenItSaysWhatToWrite() {
        assertThatThrownBy(() -> openWith(Map.of())).isInstanceOfSatisfying(InvalidInputException.class, refusal -> {
            assertThat(refusal.where()).isEqualTo("delivery.telegram.token");
            assertThat(refusal.accepted())
                    .isEqualTo("set token below delivery.telegram, for example to ${TELEGRAM_TOKEN}");
        });
    }

    @Test
    void aTokenThatWasReplacedIsUsedFromThenOn() throws Exception {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("delivery.telegram.url", platform().url());
        values.put("delivery.telegram.token", "1:old");
        var channel = open(context(environment(), new dev.kairos.testkit.MapSettings(values, "delivery.telegram")));
        values.put("delivery.telegram.token", "1:new");
        platform().then(confirmation());
        channel.send(new DeliveryMessage("12345678", "x", "k", "j"));
        assertThat(platform().request().target()).isEqualTo("/bot1:new/sendMessage");
    }

    @Test
    void codeTablesAndLinksBecomeItsHtml() {
        assertThat(channel()
                        .parts("# Title\n\n* `a<b`\n* [page](https://x.org/?a=1&b=2)\n\n```sh\nls > f\n```\n\n"
                                + "| a | b |\n|---|---|\n| 1 | 22 |"))
                .containsExactly("<b>Title</b>\n\n\u2022 <code>a&lt;b</code>\n"
                        + "\u2022 <a href=\"https://x.org/?a=1&amp;b=2\">page</a>\n\n"
                        + "<pre><code class=\"language-sh\">ls &gt; f</code></pre>\n\n"
                        + "<pre>a  b\n-  --\n1  22</pre>");
    }

    /** "sendDocument", "Sending files": a form of several parts. */
    @Test
    void aFileIsADocument() throws Exception {
        Request request = sentFile("-1001234567890:42", "figures.csv", "text/csv", "a,b\n1,2\n")
                .get(0);
        assertThat(request.method() + request.target()).isEqualTo("POST/bot" + TOKEN + "/sendDocument");
        assertThat(request.headers().get("content-type")).startsWith("multipart/form-data; boundary=kairos-");
        assertThat(request.body())
                .isEqualTo(formPart("name=\"chat_id\"", "-1001234567890")
                        + formPart("name=\"message_thread_id\"", "42")
                        + formPart(
                                "name=\"document\"; filename=\"figures.csv\"\r\nContent-Type: text/csv", "a,b\n1,2\n")
                        + FORM_END);
    }

    @Test
    void aPictureIsAPhotoUnlessTelegramWouldRefuseItsSize() throws Exception {
        assertThat(methodFor(png(1_280, 720))).endsWith("/sendPhoto");
        assertThat(methodFor(jpeg(720, 1_280))).endsWith("/sendPhoto");
        assertThat(methodFor(png(1_280, 20_000))).endsWith("/sendDocument");
        assertThat(methodFor(jpeg(100, 2_000))).endsWith("/sendDocument");
        assertThat(methodFor(new byte[] {(byte) 0x89, 'P', 'N', 'G'})).endsWith("/sendDocument");
    }

    private String methodFor(byte[] picture) throws Exception {
        platform().then(confirmation());
        Attachment file = Attachment.of("a.png", "image/png", picture);
        channel().send(new DeliveryMessage("12345678", "a.png", "k", "j", Optional.of(file)));
        return platform().requests().get(platform().requests().size() - 1).target();
    }

    private static byte[] png(int width, int height) {
        return ByteBuffer.allocate(64)
                .put(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, 13, 'I', 'H', 'D', 'R'})
                .putInt(width)
                .putInt(height)
                .array();
    }

    private static byte[] jpeg(int width, int height) {
        return ByteBuffer.allocate(64)
                .put(new byte[] {(byte) 0xff, (byte) 0xd8, (byte) 0xff, (byte) 0xe0, 0, 4, 1, 2})
                .put(new byte[] {(byte) 0xff, (byte) 0xc4, 0, 3, 1, (byte) 0xff, (byte) 0xc2, 0, 11, 8})
                .putShort((short) height)
                .putShort((short) width)
                .array();
    }

    @Test
    void aPlatformThatStaysAwayEndsItAfterThreeRetriesAndSaysWhy(@TempDir Path home) {
        platform().always(Reply.of(500, ""));
        try (DeliveryStory story = story(home).pass()) {
            for (int wait : List.of(60, 300, 1_800)) {
                assertThat(story.untilItIsTriedAgain()).isEqualTo(java.time.Duration.ofSeconds(wait));
            }
            assertThat(story.envelope().state()).isEqualTo(EnvelopeState.FAILED);
            assertThat(story.lastDelivery()).startsWith("failed ").contains("500");
            assertThat(story.runs()).isEqualTo(1);
        }
        assertThat(platform().requests()).hasSize(4);
    }

    @Test
    void aMessageThatHungIsNotSentTwice(@TempDir Path home) {
        platform().then(platform().hang()).then(confirmation());
        try (DeliveryStory story = story(home).pass()) {
            assertThat(story.envelope().state()).isEqualTo(EnvelopeState.UNKNOWN);
            assertThat(story.lastDelivery()).contains("it may have taken the message");
        }
        assertThat(platform().requests()).hasSize(1);
    }
}
