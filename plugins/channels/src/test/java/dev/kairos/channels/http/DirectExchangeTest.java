package dev.kairos.channels.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.kairos.api.delivery.DeliveryException;
import dev.kairos.api.delivery.DeliveryException.Kind;
import dev.kairos.channels.RealTime;
import dev.kairos.testkit.StandInPlatform;
import dev.kairos.testkit.StandInPlatform.Reply;
import dev.kairos.testkit.StandInPlatform.Request;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was looked at is what is asked (RFC 9110, RFC 9112, RFC 6066). The contract of webhooks judges the rest of it. */
final class DirectExchangeTest {
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();
    private static final char[] PASSWORD = "changeit".toCharArray();

    private final RealTime environment = new RealTime();

    private Http http(Reach reach, Http.Names names) {
        return new Http(environment, Duration.ofSeconds(2), Duration.ofSeconds(5), reach, names);
    }

    private static HttpCall call(String scheme, int port) {
        return HttpCall.post(URI.create(scheme + "://hooks.example:" + port + "/a%20b?c=d"))
                .body("text/plain", "hello");
    }

    @Test
    void theNameIsLookedUpOnceAndThatAddressIsAsked() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (StandInPlatform platform = new StandInPlatform(environment)) {
            platform.always(Reply.of(200, "{}", "X-Ray: 1"));
            int port = URI.create(platform.url()).getPort();
            Answer answer = http(Reach.ANYWHERE, name -> {
                        assertThat(name).isEqualTo("hooks.example");
                        asked.incrementAndGet();
                        return new InetAddress[] {HERE}; // which no name service says of it
                    })
                    .exchange(call("http", port));
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("x-ray")).contains("1");
            assertThat(asked).hasValue(1);
            Request request = platform.request();
            assertThat(request.method() + " " + request.target()).isEqualTo("POST /a%20b?c=d");
            assertThat(request.headers())
                    .containsEntry("host", "hooks.example:" + port)
                    .containsEntry("content-length", "5");
            assertThat(request.body()).isEqualTo("hello");
        }
    }

    @Test
    void aHostThatIsHalfPublicIsRefusedAndNotConnectedTo() throws Exception {
        try (StandInPlatform platform = new StandInPlatform(environment)) {
            InetAddress there = InetAddress.getByName("192.0.2.1");
            var refusal = catchThrowableOfType(
                    DeliveryException.class,
                    () -> http(Reach.PUBLIC, name -> new InetAddress[] {there, HERE})
                            .exchange(call("http", URI.create(platform.url()).getPort())));
            assertThat(refusal.kind()).isEqualTo(Kind.TERMINAL);
            assertThat(platform.requests()).isEmpty();
        }
    }

    @Test
    void anUnknownNameWasSentNothing() {
        var refusal = catchThrowableOfType(
                DeliveryException.class,
                () -> http(Reach.PUBLIC, name -> {
                            throw new UnknownHostException(name);
                        })
                        .exchange(call("http", 9)));
        assertThat(refusal.kind()).isEqualTo(Kind.TRANSIENT);
    }

    @Test
    void anAnswerInPiecesIsPutTogetherAndInterimOnesArePassedOver() throws Exception {
        assertThat(read("HTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\n\r\n"
                                + "5;x=y\r\nhello\r\n1\r\n!\r\n0\r\n\r\n")
                        .body())
                .isEqualTo("hello!");
        assertThat(read("HTTP/1.0 200 OK\r\n\r\nup to the end").body()).isEqualTo("up to the end");
        assertThat(read("HTTP/1.1 204 None\r\nContent-Length: 7\r\n\r\n").body())
                .isEmpty();
    }

    @Test
    void halfAnAnswerIsNone() {
        for (String half : List.of(
                "",
                "HTTP/1.1 200",
                "HTTP/1.1 200 OK\r\nA: b\r\n",
                "HTTP/1.1 200 OK\r\nno header\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhalf",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                "HTTP/2 200\r\n\r\n",
                "HTTP/1.1 100 Continue\r\n\r\n".repeat(50),
                "HTTP/1.1 200 OK\r\n" + "A: b\r\n".repeat(20_000))) {
            assertThatThrownBy(() -> read(half)).as(half).isInstanceOf(IOException.class);
        }
    }

    private static Answer read(String wire) throws IOException {
        return new AnswerReader(new java.io.ByteArrayInputStream(wire.getBytes(StandardCharsets.ISO_8859_1))).read();
    }

    /** A server under TLS with a certificate of hooks.example that tells which name it was asked for. */
    @Test
    void tlsAsksForTheNameAndBelievesOnlyItsCertificate(@TempDir Path folder) throws Exception {
        KeyStore keys = certificateOf("hooks.example", folder.resolve("keys.p12"));
        AtomicReference<String> asked = new AtomicReference<>("");
        try (SSLServerSocket server =
                (SSLServerSocket) serving(keys).getServerSocketFactory().createServerSocket(0, 50, HERE)) {
            environment.start("tls", () -> answer(server, asked));
            SSLSocketFactory trusting = trusting(keys);
            Answer answer = exchange(call("https", server.getLocalPort()), trusting);
            assertThat(answer.body()).isEqualTo("fine");
            assertThat(asked.get()).contains("hooks.example");
            HttpCall other = HttpCall.get(URI.create("https://other.example:" + server.getLocalPort() + "/"));
            assertThatThrownBy(() -> exchange(other, trusting)).isInstanceOf(SSLException.class);
            SSLSocketFactory everyday = (SSLSocketFactory) SSLSocketFactory.getDefault();
            assertThatThrownBy(() -> exchange(call("https", server.getLocalPort()), everyday))
                    .isInstanceOf(SSLException.class);
        }
    }

    private static Answer exchange(HttpCall call, SSLSocketFactory tls) throws IOException {
        try (DirectExchange exchange = new DirectExchange(call, Duration.ofSeconds(2), tls)) {
            return exchange.exchange(List.of(HERE));
        }
    }

    private static void answer(SSLServerSocket server, AtomicReference<String> asked) {
        while (!server.isClosed()) {
            try (SSLSocket client = (SSLSocket) server.accept()) {
                client.startHandshake();
                asked.set(((ExtendedSSLSession) client.getSession())
                        .getRequestedServerNames()
                        .toString());
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
                for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
                    // the head
                }
                client.getOutputStream()
                        .write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine".getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                // it did not believe us, or the test is over
            }
        }
    }

    private static KeyStore certificateOf(String name, Path file) throws Exception {
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "key",
                        "-keyalg",
                        "EC",
                        "-validity",
                        "30",
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "SAN=dns:" + name,
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        "changeit")
                .redirectErrorStream(true)
                .start();
        assertThat(new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8) + keytool.waitFor())
                .endsWith("0");
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, PASSWORD);
        }
        return keys;
    }

    private static SSLContext serving(KeyStore keys) throws Exception {
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    private static SSLSocketFactory trusting(KeyStore keys) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("key", keys.getCertificate("key"));
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context.getSocketFactory();
    }
}
