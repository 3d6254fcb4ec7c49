package dev.kairos.channels.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Requests that hold secrets, answers of any shape, and addresses that nobody outside may ask for. */
final class HttpCallTest {
    @Test
    void itsTextHoldsNoTokenOfItsAddressOrHeaders() {
        HttpCall call = HttpCall.post(URI.create("https://api.example.org/bot123:abc/send?key=xyz"))
                .bearer("S3cr3t")
                .basic("user", "S3cr3t")
                .form(Map.of("a", "b"));
        assertThat(call).hasToString("POST to api.example.org");
    }

    @Test
    void aHeaderHoldsNoSecondOne() {
        HttpCall call = HttpCall.get(URI.create("https://example.org/"));
        for (String value : List.of("a\r\nX-Evil: 1", "a\nb", "a\u0000b", "a\u007fb")) {
            assertThatIllegalArgumentException().isThrownBy(() -> call.header("X-Name", value));
        }
    }

    @Test
    void aPieceOfAPathLeadsNowhereElse() {
        assertThat(HttpCall.encoded("../a?b#c/\u017c d")).isEqualTo("..%2Fa%3Fb%23c%2F%C5%BC%20d");
    }

    @Test
    void patienceIsSecondsOrADateAndNothingElse() {
        Instant now = Instant.parse("2027-01-15T09:00:00Z");
        assertThat(retryAfter("7", now)).contains(Duration.ofSeconds(7));
        assertThat(retryAfter("0.25", now)).contains(Duration.ofMillis(250));
        assertThat(retryAfter("Fri, 15 Jan 2027 09:01:00 GMT", now)).contains(Duration.ofMinutes(1));
        assertThat(retryAfter("Fri, 15 Jan 2027 08:01:00 GMT", now)).isEmpty();
        assertThat(retryAfter("soon", now)).isEmpty();
        assertThat(retryAfter("-5", now)).isEmpty();
        assertThat(retryAfter("99999999999999999999", now)).isEmpty();
    }

    private static Optional<Duration> retryAfter(String value, Instant now) {
        return new Answer(429, name -> Optional.of(value), "").retryAfter(now);
    }

    @Test
    void aFieldIsFoundOnItsPathAndNowhereElse() {
        Answer answer = new Answer(200, name -> Optional.empty(), "{\"a\":{\"b\":[{\"c\":7}]},\"d\":true,\"e\":null}");
        assertThat(answer.field("a", "b", "0", "c")).contains("7");
        assertThat(answer.field("d")).contains("true");
        assertThat(answer.field("e")).isEmpty();
        assertThat(answer.field("a", "x", "c")).isEmpty();
        assertThat(new Answer(200, name -> Optional.empty(), "[".repeat(10_000)).field("a"))
                .isEmpty();
        assertThat(new Answer(200, name -> Optional.empty(), "{\"a\":".repeat(5_000)).isJson())
                .isFalse();
    }

    @Test
    void onlyAddressesOfThePublicNetworkArePublic() throws UnknownHostException {
        for (String address : List.of(
                "127.0.0.1",
                "127.9.9.9",
                "0.0.0.0",
                "0.1.2.3",
                "10.1.2.3",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.0.1",
                "169.254.169.254",
                "100.64.0.1",
                "100.127.0.1",
                "192.0.0.8",
                "198.18.0.1",
                "224.0.0.1",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "fe80::1",
                "fec0::1",
                "fc00::1",
                "fd12::1",
                "ff02::1",
                "::ffff:10.0.0.1",
                "::10.0.0.1",
                "64:ff9b::7f00:1",
                "2002:7f00:1::1")) {
            assertThat(PublicAddresses.isPublic(InetAddress.getByName(address)))
                    .as(address)
                    .isFalse();
        }
        for (String address : List.of(
                "8.8.8.8",
                "172.15.0.1",
                "172.32.0.1",
                "100.63.0.1",
                "100.128.0.1",
                "192.0.2.1",
                "2001:4860:4860::8888",
                "64:ff9b::808:808",
                "2002:808:808::1")) {
            assertThat(PublicAddresses.isPublic(InetAddress.getByName(address)))
                    .as(address)
                    .isTrue();
        }
    }
}
