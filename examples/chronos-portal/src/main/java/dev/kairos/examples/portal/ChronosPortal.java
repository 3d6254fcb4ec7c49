package dev.kairos.examples.portal;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.Base64;
import java.util.concurrent.Executors;

/**
 * A portal for one agent, in one process: it keeps one one-shot per job in its folder, and calls the agent at the instant.
 * It listens on the loopback interface; whoever wants it further puts a server with TLS before it.
 */
public final class ChronosPortal {
    private ChronosPortal() {}

    /**
     * Runs the portal until the process is ended.
     *
     * @param args see {@code PortalOptions}; the folder is {@code target/portal} without any
     */
    public static void main(String[] args) throws InterruptedException {
        PortalOptions options;
        try {
            options = PortalOptions.of(args.length == 0 ? new String[] {"target/portal"} : args);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        try {
            run(options);
        } catch (BindException e) {
            System.err.println("portal: port " + options.port()
                    + " is taken: end what listens there, or give another: --port" + " N (0 is any free one)");
            System.exit(1);
        } catch (IOException | SQLException e) {
            System.err.println("portal: it cannot work in " + options.folder() + ": " + e.getMessage());
            System.exit(1);
        }
    }

    private static void run(PortalOptions options) throws IOException, SQLException, InterruptedException {
        Path folder = PrivateFiles.folder(options.folder());
        SigningKey key = SigningKey.in(folder);
        Path tokenFile = folder.resolve(options.agent() + ".token").toAbsolutePath();
        String token = PrivateFiles.keep(tokenFile, ChronosPortal::newToken);
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), options.port()), 0);
        String url = options.url()
                .map(URI::toString)
                .orElse("http://127.0.0.1:" + server.getAddress().getPort());
        try (Shots shots = new Shots(folder.resolve("portal.db"));
                Calls calls = new Calls(shots, key, url, options.startCommand().map(AgentStart::new))) {
            PortalApi api = new PortalApi(shots, key, options.agent(), token);
            server.setExecutor(Executors.newFixedThreadPool(8));
            server.createContext("/", api::handle);
            server.start();
            System.out.println(welcome(options, url, tokenFile));
            calls.run();
        }
    }

    private static String newToken() {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** What stands in the agent's config.yaml; the token itself is shown to nobody. */
    private static String welcome(PortalOptions options, String url, Path tokenFile) {
        return String.join(
                "\n",
                "portal.ready url=" + url,
                "cron:",
                "  provider: chronos",
                "  chronos:",
                "    portal_url: " + url,
                "    callback_url: http://127.0.0.1:8784   # where the portal reaches the agent",
                "    token_file: " + tokenFile,
                "    expected_audience: " + Calls.audience(options.agent()),
                "    jwks_url: " + url + "/.well-known/jwks.json",
                "    issuer: " + url);
    }
}
