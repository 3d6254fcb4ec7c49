package dev.kairos.channels.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.kairos.api.delivery.DeliveryException;
import dev.kairos.api.delivery.DeliveryMessage;
import dev.kairos.testkit.StandInPlatform.Reply;
import dev.kairos.testkit.StandInPlatform.Request;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** WhatsApp Business Platform, Cloud API v23.0, "Messages", "Error codes" (developers.facebook.com/docs/whatsapp). */
final class WhatsAppTest extends PlatformTest {
    @Override
    protected String name() {
        return "whatsapp";
    }

    @Override
    protected Map<String, String> settings(String url) {
        return Map.of("url", url, "token", SECRET, "phone_number_id", "106540352242922");
    }

    @Override
    protected List<String> secrets() {
        return List.of(SECRET);
    }

    @Override
    protected List<String> addresses() {
        return List.of("+48123456789", "120363025246125486@g.us");
    }

    @Override
    protected List<String> wrongAddresses() {
        return List.of("", "48123456789", "ann");
    }

    @Override
    protected Reply confirmation() {
        return Reply.of(
                200,
                "{\"messaging_product\":\"whatsapp\",\"contacts\":[{\"wa_id\":\"48123456789\"}],\"messages\":[{\"id\":\"wamid.HBgL\"}]}");
    }

    @Override
    protected String receipt() {
        return "wamid.HBgL";
    }

    @Override
    protected Reply unauthorised() {
        return Reply.of(
                401,
                "{\"error\":{\"message\":\"Error validating access token\",\"type\":\"OAuthException\",\"code\":190}}");
    }

    @Override
    protected Reply unknownAddress() {
        return Reply.of(
                400, "{\"error\":{\"message\":\"Recipient phone number not in allowed list\",\"code\":131030}}");
    }

    @Override
    protected int sizeOf(String part) {
        return part.length();
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
        Request request = sent("+48123456789", "**done** [page](https://x.org)");
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.target()).isEqualTo("/106540352242922/messages");
        assertThat(request.headers()).containsEntry("authorization", "Bearer " + SECRET);
        assertThat(request.body())
                .isEqualTo("{\"messaging_product\":\"whatsapp\",\"recipient_type\":\"individual\","
                        + "\"to\":\"+48123456789\",\"type\":\"text\","
                        + "\"text\":{\"preview_url\":false,\"body\":\"*done* page (https://x.org)\"}}");
    }

    @Test
    void aBridgeIsAskedInstead() throws Exception {
        var bridge = openWith(
                Map.of("bridge_url", platform().url() + "/send", "bridge_token", SECRET, "allow_private", "true"));
        platform().then(Reply.of(200, "{\"id\":\"b1\"}"));
        assertThat(bridge.send(new DeliveryMessage("120363025246125486@g.us", "x", "k", "j")))
                .isEqualTo("b1");
        Request request = platform().request();
        assertThat(request.target()).isEqualTo("/send");
        assertThat(request.headers()).containsEntry("authorization", "Bearer " + SECRET);
        assertThat(request.body()).startsWith("{\"to\":\"120363025246125486@g.us\",\"text\":\"x\",\"id\":\"");
    }

    @Test
    void aBridgeInsideIsNotReachedUnlessThatIsAllowed() {
        var bridge = openWith(Map.of("bridge_url", platform().url() + "/send"));
        var refusal = catchThrowableOfType(
                DeliveryException.class, () -> bridge.send(new DeliveryMessage("+48123456789", "x", "k", "j")));
        assertThat(refusal).hasMessageContaining("allow_private");
        assertThat(platform().requests()).isEmpty();
    }

    @Override
    protected List<Reply> filePreparations() {
        return List.of(Reply.of(200, "{\"id\":\"4490709327384033\"}"));
    }

    /** "Upload media" and "Document messages". */
    @Test
    void aFileIsPutIntoItsMediaAndThenShown() throws Exception {
        List<Request> requests = sentFile("+48123456789", "a.txt", "text/plain", "hello");
        assertThat(requests.get(0).target()).endsWith("/media");
        assertThat(requests.get(0).body())
                .isEqualTo(formPart("name=\"messaging_product\"", "whatsapp")
                        + formPart("name=\"type\"", "text/plain")
                        + formPart("name=\"file\"; filename=\"a.txt\"\r\nContent-Type: text/plain", "hello")
                        + FORM_END);
        assertThat(requests.get(1).target()).endsWith("/messages");
        assertThat(requests.get(1).body())
                .isEqualTo("{\"messaging_product\":\"whatsapp\",\"recipient_type\":\"individual\","
                        + "\"to\":\"+48123456789\",\"type\":\"document\","
                        + "\"document\":{\"id\":\"4490709327384033\",\"filename\":\"a.txt\"}}");
        assertThat(sentFile("+48123456789", "a.png", "image/png", "png").get(1).body())
                .endsWith("\"type\":\"image\",\"image\":{\"id\":\"4490709327384033\"}}");
    }

    @Test
    void textIsPlainTextAndWhatWhatsAppDoesNotTakeIsSaid() throws Exception {
        assertThat(sentFile("+48123456789", "a.csv", "text/csv", "a,b").get(0).body())
                .contains("name=\"type\"\r\n\r\ntext/plain\r\n");
        platform().then(confirmation());
        var archive = dev.kairos.api.delivery.Attachment.of("a.zip", "application/zip", new byte[1]);
        int before = platform().requests().size();
        channel().send(new DeliveryMessage("+48123456789", "a.zip", "k", "j", java.util.Optional.of(archive)));
        assertThat(platform().requests()).hasSize(before + 1);
        assertThat(platform().requests().get(before).body())
                .contains("(file a.zip was not sent: WhatsApp takes no files of this kind)");
    }

    @Test
    void aBridgeTakesNoFiles() {
        assertThat(openWith(Map.of("bridge_url", "http://127.0.0.1:1/x")).takesFiles())
                .isFalse();
    }
}
