package dev.kairos.channels.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.kairos.api.delivery.DeliveryException;
import dev.kairos.api.delivery.DeliveryException.Kind;
import dev.kairos.api.delivery.DeliveryMessage;
import dev.kairos.testkit.StandInPlatform.Reply;
import dev.kairos.testkit.StandInPlatform.Request;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Slack Web API, "chat.postMessage", "Rate limits", "Formatting text for app surfaces" (docs.slack.dev). */
final class SlackTest extends PlatformTest {
    @Override
    protected String name() {
        return "slack";
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
        return List.of("C0123456789", "C0123456789:1718000000.123456", "#ops", "U0123456789");
    }

    @Override
    protected List<String> wrongAddresses() {
        return List.of("", "ops", "c0123456789", "C0123456789:17", "#", "#a b");
    }

    @Override
    protected Reply confirmation() {
        return Reply.of(200, "{\"ok\":true,\"channel\":\"C0123456789\",\"ts\":\"1503435956.000247\"}");
    }

    @Override
    protected String receipt() {
        return "1503435956.000247";
    }

    @Override
    protected Reply tooOften() {
        return Reply.of(429, "{\"ok\":false,\"error\":\"ratelimited\"}", "Retry-After: 7");
    }

    @Override
    protected Reply unauthorised() {
        return Reply.of(200, "{\"ok\":false,\"error\":\"invalid_auth\"}");
    }

    @Override
    protected Reply unknownAddress() {
        return Reply.of(200, "{\"ok\":false,\"error\":\"channel_not_found\"}");
    }

    @Override
    protected int sizeOf(String part) {
        return part.length();
    }

    @Override
    protected int limit() {
        return 4000;
    }

    @Override
    protected boolean hasFences() {
        return true;
    }

    @Test
    void theRequestIsTheDocumentedOne() throws Exception {
        Request request = sent("C0123456789:1718000000.123456", "**done** <!channel> [page](https://x.org/a?b=1&c=2)");
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.target()).isEqualTo("/api/chat.postMessage");
        assertThat(request.headers())
                .containsEntry("authorization", "Bearer " + SECRET)
                .containsEntry("content-type", "application/json; charset=utf-8");
        assertThat(request.body())
                .isEqualTo("{\"channel\":\"C0123456789\","
                        + "\"text\":\"*done* &lt;!channel&gt; <https://x.org/a?b=1&amp;c=2|page>\","
                        + "\"mrkdwn\":true,\"unfurl_links\":false,\"unfurl_media\":false,"
                        + "\"thread_ts\":\"1718000000.123456\"}");
    }

    @Test
    void aRefusalWithAGoodStatusIsARefusal() {
        platform().then(Reply.of(200, "{\"ok\":false,\"error\":\"not_in_channel\"}"));
        var invited = catchThrowableOfType(
                DeliveryException.class, () -> channel().send(new DeliveryMessage("#ops", "x", "k", "j")));
        assertThat(invited.kind()).isEqualTo(Kind.TERMINAL);
        assertThat(invited).hasMessageContaining("not_in_channel").hasMessageContaining("/invite");
        platform().then(Reply.of(200, "{\"ok\":false,\"error\":\"internal_error\"}"));
        var later = catchThrowableOfType(
                DeliveryException.class, () -> channel().send(new DeliveryMessage("#dev", "x", "k", "j")));
        assertThat(later.kind()).isEqualTo(Kind.TRANSIENT);
    }

    @Override
    protected List<Reply> filePreparations() {
        return List.of(
                Reply.of(
                        200,
                        "{\"ok\":true,\"upload_url\":\"" + platform().url()
                                + "/upload/v1/ABC123\",\"file_id\":\"F123ABC456\"}"),
                Reply.of(200, "OK - 4"));
    }

    @Override
    protected Reply fileConfirmation() {
        return Reply.of(200, "{\"ok\":true,\"files\":[{\"id\":\"F123ABC456\",\"title\":\"a.csv\"}]}");
    }

    @Override
    protected String fileReceipt() {
        return "F123ABC456";
    }

    /** "Working with files": a place is asked for, the file put there, and shown in the channel. */
    @Test
    void aFileIsPutWhereSlackSaysAndThenShown() throws Exception {
        List<Request> requests = sentFile("C0123456789:1718000000.123456", "a.csv", "text/csv", "a,b\n");
        assertThat(requests)
                .extracting(request -> request.method() + " " + request.target() + " " + request.body())
                .containsExactly(
                        "POST /api/files.getUploadURLExternal filename=a.csv&length=4",
                        "POST /upload/v1/ABC123 a,b\n",
                        "POST /api/files.completeUploadExternal {\"files\":[{\"id\":\"F123ABC456\",\"title\":\"a.csv\"}],"
                                + "\"channel_id\":\"C0123456789\",\"thread_ts\":\"1718000000.123456\"}");
        assertThat(requests.get(0).headers()).containsEntry("authorization", "Bearer " + SECRET);
        assertThat(requests.get(1).headers()).doesNotContainKey("authorization");
    }

    /** Slack shows a file when it has looked at it: the message's timestamp is in the answer only if it was quick. */
    @Test
    void aFilesReceiptIsTheMessageThatShowsItOnceThereIsOne() throws Exception {
        filePreparations().forEach(platform()::then);
        platform()
                .then(Reply.of(
                        200,
                        "{\"ok\":true,\"files\":[{\"id\":\"F123ABC456\",\"shares\":{\"private\":{\"C0123456789\":"
                                + "[{\"ts\":\"1503435957.000111\"}]}}}]}"));
        var file = dev.kairos.api.delivery.Attachment.of("a.csv", "text/csv", new byte[1]);
        assertThat(channel().send(new DeliveryMessage("C0123456789", "a.csv", "k", "j", java.util.Optional.of(file))))
                .isEqualTo("1503435957.000111");
    }

    @Test
    void aChannelsNameIsToldThatSlackWantsItsIdForFiles() throws Exception {
        platform().then(confirmation());
        var file = dev.kairos.api.delivery.Attachment.of("a.csv", "text/csv", new byte[1]);
        channel().send(new DeliveryMessage("#ops", "a.csv", "k", "j", java.util.Optional.of(file)));
        assertThat(platform().request().target()).isEqualTo("/api/chat.postMessage");
        assertThat(platform().request().body()).contains("(file a.csv was not sent");
    }
}
