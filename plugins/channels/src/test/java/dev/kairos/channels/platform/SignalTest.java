package dev.kairos.channels.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.kairos.api.delivery.DeliveryChannel;
import dev.kairos.api.delivery.DeliveryException;
import dev.kairos.api.delivery.DeliveryException.Kind;
import dev.kairos.api.delivery.DeliveryMessage;
import dev.kairos.testkit.StandInPlatform.Reply;
import dev.kairos.testkit.StandInPlatform.Request;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** signal-cli-rest-api, "POST /v2/send" (bbernhard.github.io/signal-cli-rest-api); signal-cli-jsonrpc(5), "send". */
final class SignalTest extends PlatformTest {
    @Override
    protected String name() {
        return "signal";
    }

    @Override
    protected Map<String, String> settings(String url) {
        return Map.of("url", url, "account", "+48111222333", "token", SECRET);
    }

    @Override
    protected List<String> secrets() {
        return List.of(SECRET);
    }

    @Override
    protected List<String> addresses() {
        return List.of("+48123456789", "group.ZjR5bUxwYXE=");
    }

    @Override
    protected List<String> wrongAddresses() {
        return List.of("", "48123456789", "+0123", "Ann", "group.");
    }

    @Override
    protected Reply confirmation() {
        return Reply.of(201, "{\"timestamp\":\"1700000000123\"}");
    }

    @Override
    protected String receipt() {
        return "1700000000123";
    }

    @Override
    protected int sizeOf(String part) {
        return part.getBytes(StandardCharsets.UTF_8).length;
    }

    @Override
    protected int limit() {
        return 2000;
    }

    @Test
    void theRequestToTheRestWrapperIsTheDocumentedOne() throws Exception {
        Request request = sent("group.ZjR5bUxwYXE=", "**done**");
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.target()).isEqualTo("/v2/send");
        assertThat(request.body())
                .isEqualTo("{\"message\":\"done\",\"number\":\"+48111222333\","
                        + "\"recipients\":[\"group.ZjR5bUxwYXE=\"]}");
    }

    private DeliveryChannel rpc() {
        return openWith(Map.of("url", platform().url(), "account", "+48111222333", "mode", "json-rpc"));
    }

    @Test
    void theRequestToTheDaemonIsTheDocumentedOne() throws Exception {
        Reply yes = Reply.of(200, "{\"jsonrpc\":\"2.0\",\"result\":{\"timestamp\":1700000000123},\"id\":\"x\"}");
        platform().then(yes).then(yes);
        assertThat(rpc().send(new DeliveryMessage("+48123456789", "x", "k", "j")))
                .isEqualTo("1700000000123");
        rpc().send(new DeliveryMessage("group.ZjR5bUxwYXE=", "x", "k", "j"));
        Request first = platform().requests().get(0);
        assertThat(first.target()).isEqualTo("/api/v1/rpc");
        assertThat(first.body())
                .startsWith("{\"jsonrpc\":\"2.0\",\"id\":\"")
                .endsWith("\"method\":\"send\",\"params\":{\"account\":\"+48111222333\","
                        + "\"recipient\":[\"+48123456789\"],\"message\":\"x\"}}");
        assertThat(platform().requests().get(1).body()).contains("\"groupId\":\"f4ymLpaq\"");
    }

    @Test
    void anErrorOfTheDaemonIsARefusal() {
        platform()
                .then(Reply.of(200, "{\"jsonrpc\":\"2.0\",\"error\":{\"code\":-1,\"message\":\"Unregistered user\"}}"));
        assertThat(refusalOf("+48123456789").kind()).isEqualTo(Kind.TERMINAL);
        platform().then(Reply.of(200, "{\"jsonrpc\":\"2.0\",\"error\":{\"code\":-3,\"message\":\"No network\"}}"));
        assertThat(refusalOf("+48123456780").kind()).isEqualTo(Kind.TRANSIENT);
    }

    private DeliveryException refusalOf(String address) {
        return catchThrowableOfType(
                DeliveryException.class, () -> rpc().send(new DeliveryMessage(address, "x", "k", "j")));
    }

    /** signal-cli-rest-api, "/v2/send": base64_attachments. */
    @Test
    void aFileIsADataAddress() throws Exception {
        Request request = sentFile("+48123456789", "a.csv", "text/csv", "a,b\n").get(0);
        assertThat(request.target()).isEqualTo("/v2/send");
        assertThat(request.body())
                .endsWith("\"base64_attachments\":[\"data:text/csv;filename=a.csv;base64,YSxiCg==\"]}");
    }

    /** signal-cli(1), "send", -a: a data URI of RFC 2397. */
    @Test
    void soItIsForJsonRpc() throws Exception {
        platform().then(Reply.of(200, "{\"jsonrpc\":\"2.0\",\"result\":{\"timestamp\":1631458508784},\"id\":\"1\"}"));
        var file = dev.kairos.api.delivery.Attachment.of("a.csv", "text/csv", "a,b\n".getBytes(StandardCharsets.UTF_8));
        rpc().send(new DeliveryMessage("+48123456789", "a.csv", "k", "j", java.util.Optional.of(file)));
        assertThat(platform().request().body())
                .contains("\"attachment\":[\"data:text/csv;filename=a.csv;base64,YSxiCg==\"]");
    }
}
