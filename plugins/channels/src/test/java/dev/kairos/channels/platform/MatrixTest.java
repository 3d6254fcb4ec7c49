package dev.kairos.channels.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.kairos.api.delivery.DeliveryException;
import dev.kairos.api.delivery.DeliveryException.Kind;
import dev.kairos.api.delivery.DeliveryMessage;
import dev.kairos.api.delivery.EnvelopeState;
import dev.kairos.testkit.DeliveryStory;
import dev.kairos.testkit.StandInPlatform.Reply;
import dev.kairos.testkit.StandInPlatform.Request;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Matrix Client-Server API v1.11, "PUT /rooms/{roomId}/send", "m.text", "Rate limiting", "Room aliases" (spec.matrix.org). */
final class MatrixTest extends PlatformTest {
    @Override
    protected String name() {
        return "matrix";
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
        return List.of(
                "!abc:example.org",
                "#ops:example.org",
                "@ann:example.org",
                "!31hneApxJ_1o-63DmFrpeqnkFfWppnzWso1JvH3ogLM");
    }

    @Override
    protected List<String> wrongAddresses() {
        return List.of("", "ops", "#ops", "@ann", "!a/b:x.org");
    }

    @Override
    protected Reply confirmation() {
        return Reply.of(200, "{\"event_id\":\"$1234:example.org\"}");
    }

    @Override
    protected String receipt() {
        return "$1234:example.org";
    }

    @Override
    protected Reply tooOften() {
        return Reply.of(
                429, "{\"errcode\":\"M_LIMIT_EXCEEDED\",\"error\":\"Too many requests\",\"retry_after_ms\":7000}");
    }

    @Override
    protected Reply unauthorised() {
        return Reply.of(401, "{\"errcode\":\"M_UNKNOWN_TOKEN\",\"error\":\"Unrecognised access token\"}");
    }

    @Override
    protected Reply unknownAddress() {
        return Reply.of(403, "{\"errcode\":\"M_FORBIDDEN\",\"error\":\"not in room\"}");
    }

    @Override
    protected int sizeOf(String part) {
        return part.getBytes(StandardCharsets.UTF_8).length;
    }

    @Override
    protected int limit() {
        return 12000;
    }

    @Override
    protected boolean hasFences() {
        return true;
    }

    @Test
    void theRequestIsTheDocumentedOne() throws Exception {
        Request request = sent("!abc:example.org", "**done** <b>");
        assertThat(request.method()).isEqualTo("PUT");
        assertThat(request.target())
                .startsWith("/_matrix/client/v3/rooms/%21abc%3Aexample.org/send/m.room.message/kairos-")
                .matches(".*/kairos-[0-9a-f]{32}");
        assertThat(request.headers()).containsEntry("authorization", "Bearer " + SECRET);
        assertThat(request.body())
                .isEqualTo("{\"msgtype\":\"m.text\",\"body\":\"done <b>\",\"format\":\"org.matrix.custom.html\","
                        + "\"formatted_body\":\"<p><strong>done</strong> &lt;b&gt;</p>\\n\",\"m.mentions\":{}}");
    }

    @Test
    void anAliasIsLookedUpFirst() throws Exception {
        platform().then(Reply.of(200, "{\"room_id\":\"!abc:example.org\",\"servers\":[]}"));
        platform().then(confirmation());
        channel().send(new DeliveryMessage("#ops:example.org", "x", "k", "j"));
        assertThat(platform().requests().get(0).target())
                .isEqualTo("/_matrix/client/v3/directory/room/%23ops%3Aexample.org");
        assertThat(platform().requests().get(1).target()).contains("/rooms/%21abc%3Aexample.org/send/");
    }

    @Test
    void aUserIsWrittenToInARoomThatIsMadeOnce() throws Exception {
        platform().then(Reply.of(200, "{\"user_id\":\"@bot:example.org\"}"));
        platform().then(Reply.of(404, "{\"errcode\":\"M_NOT_FOUND\",\"error\":\"none\"}"));
        platform().then(Reply.of(200, "{\"room_id\":\"!dm:example.org\"}"));
        platform().then(Reply.of(200, "{}"));
        platform().then(confirmation());
        channel().send(new DeliveryMessage("@ann:example.org", "x", "k", "j"));
        assertThat(platform().requests().stream()
                        .map(Request::target)
                        .map(target -> target.replaceAll("[0-9a-f]{16,}", "H")))
                .containsExactly(
                        "/_matrix/client/v3/account/whoami",
                        "/_matrix/client/v3/user/%40bot%3Aexample.org/account_data/kairos.direct.H",
                        "/_matrix/client/v3/createRoom",
                        "/_matrix/client/v3/user/%40bot%3Aexample.org/account_data/kairos.direct.H",
                        "/_matrix/client/v3/rooms/%21dm%3Aexample.org/send/m.room.message/kairos-H");
        platform().then(Reply.of(200, "{\"user_id\":\"@bot:example.org\"}"));
        platform().then(Reply.of(200, "{\"room_id\":\"!dm:example.org\"}"));
        platform().then(confirmation());
        channel().send(new DeliveryMessage("@ann:example.org", "x", "k2", "j"));
        assertThat(platform().requests()).hasSize(8);
    }

    @Test
    void aLookUpThatWasCutSentNothing() {
        platform().then(Reply.cut()).then(Reply.cut()); // the client asks twice for what changes nothing
        var refusal = catchThrowableOfType(
                DeliveryException.class, () -> channel().send(new DeliveryMessage("#ops:example.org", "x", "k", "j")));
        assertThat(refusal.kind()).isEqualTo(Kind.TRANSIENT);
    }

    @Override
    protected List<Reply> filePreparations() {
        return List.of(Reply.of(200, "{\"content_uri\":\"mxc://example.org/AQwafuaFswefuhsfAFAgsw\"}"));
    }

    /** "Content repository" and "m.file". */
    @Test
    void aFileIsPutIntoTheServersMediaAndThenShown() throws Exception {
        List<Request> requests = sentFile("!abc:example.org", "a b.csv", "text/csv", "a,b\n");
        Request put = requests.get(0);
        assertThat(put.method() + put.target()).isEqualTo("POST/_matrix/media/v3/upload?filename=a%20b.csv");
        assertThat(put.headers())
                .containsEntry("content-type", "text/csv")
                .containsEntry("authorization", "Bearer " + SECRET);
        assertThat(put.body()).isEqualTo("a,b\n");
        assertThat(requests.get(1).target()).contains("/rooms/%21abc%3Aexample.org/send/m.room.message/kairos-");
        assertThat(requests.get(1).body())
                .isEqualTo("{\"msgtype\":\"m.file\",\"body\":\"a b.csv\",\"filename\":\"a b.csv\","
                        + "\"url\":\"mxc://example.org/AQwafuaFswefuhsfAFAgsw\","
                        + "\"info\":{\"mimetype\":\"text/csv\",\"size\":4}}");
    }

    /** A hang takes its time, so one platform that recognises a repetition and one that does not stand for all. */
    @Test
    void aMessageThatHungArrivesAtTheNextRetry(@TempDir Path home) {
        platform().then(platform().hang()).then(confirmation());
        try (DeliveryStory story = story(home).pass()) {
            assertThat(story.envelope().unknownSince()).isPresent();
            assertThat(story.untilItIsTriedAgain()).isEqualTo(Duration.ofSeconds(60));
            assertThat(story.envelope().state()).isEqualTo(EnvelopeState.DELIVERED);
            assertThat(story.runs()).isEqualTo(1);
        }
        assertThat(platform().requests().get(1)).isEqualTo(platform().requests().get(0));
    }
}
