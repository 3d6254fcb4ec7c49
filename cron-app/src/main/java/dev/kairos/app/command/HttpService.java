package dev.kairos.app.command;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.env.Environment;
import dev.kairos.app.server.HttpServer;
import dev.kairos.app.server.ServerParts;
import dev.kairos.app.server.ServerSettings;
import dev.kairos.app.server.ServerToken;
import dev.kairos.app.terminal.Io;
import dev.kairos.builtin.CronRuntime;
import dev.kairos.builtin.HttpNote;
import dev.kairos.orchestrator.PlainWords;
import dev.kairos.orchestrator.health.HeartbeatReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP server of one daemon: there when it is wanted, tried again while it cannot be had, and nothing that keeps the
 * daemon from firing. Used by the command's thread.
 */
final class HttpService implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("cron.http");
    private static final Duration AGAIN = Duration.ofSeconds(30);

    private final Session session;
    private final CronRuntime runtime;
    private final Environment environment;
    private final ServerSettings settings;
    private final McpEndpoint mcp;
    private final Path urlFile;
    private @Nullable HttpServer server;
    private String trouble = "";
    private Duration nextTry = Duration.ZERO;

    HttpService(Session session, CronRuntime runtime) {
        this.session = session;
        this.runtime = runtime;
        this.environment = session.environment();
        this.settings = ServerSettings.of(session.configuration());
        this.urlFile = session.home().resolve("server.url");
        Io beside = new Io(
                InputStream.nullInputStream(),
                session.io().err(),
                session.io().err(),
                session.io().variables(),
                Io.Terminals.NONE);
        this.mcp = new McpEndpoint(new CronjobTool(io -> session.within(io, false), beside));
        this.nextTry = environment.uptime();
    }

    /** Whether it can ever be wanted. */
    boolean mayBeWanted() {
        return settings.enabled().orElse(true);
    }

    /** Where it answers; empty while it does not. */
    Optional<String> url() {
        return Optional.ofNullable(server).map(HttpServer::url);
    }

    /** Starts it if it is wanted and not there; what it lacks is said, and the daemon goes on. */
    void look() {
        boolean isDue = server == null
                && environment.uptime().compareTo(nextTry) >= 0
                && settings.isWanted(runtime.inbound().isPresent());
        if (!isDue) {
            return;
        }
        nextTry = environment.uptime().plus(AGAIN);
        try {
            begin();
        } catch (InvalidInputException e) {
            failed(e.getMessage() + "; expected: " + e.accepted());
        } catch (IOException e) {
            failed(
                    e.getCause() instanceof BindException refused
                            ? taken(refused)
                            : PlainWords.of(e) + "; see server.address and server.port in config.yaml");
        } catch (RuntimeException | LinkageError e) { // ours to mend, and no reason to fire no more
            LOG.error("cron.http the server does not start", e);
            failed("it does not start (" + e.getClass().getSimpleName() + "); see the log");
        }
    }

    private void begin() throws IOException {
        boolean isOpen = !HttpServer.isLoopback(settings.address());
        if (isOpen && settings.allowedHosts().isEmpty()) {
            throw new InvalidInputException(
                    "server.allowed_hosts",
                    "",
                    "other machines reach server.address " + settings.address()
                            + ", and no name is given to call it by",
                    "the names under which it is called, such as [kairos.example.org]");
        }
        ServerToken token = ServerToken.of(
                environment, session.configuration(), session.home().resolve(settings.tokenFile()));
        HttpServer started = new ServerParts(
                        environment,
                        settings,
                        token,
                        this::isWell,
                        new StatusOverHttp(session)::answer,
                        runtime::inbound,
                        mcp)
                .start();
        server = started;
        trouble = "";
        LOG.info("cron.http url={}", started.url());
        runtime.http(HttpNote.at(started.url()));
        session.say("HTTP: " + started.url() + ", token in " + token.place());
        if (isOpen) {
            LOG.warn("cron.http address={} without TLS: other machines reach it in the clear", settings.address());
            session.note("HTTP listens on " + settings.address()
                    + " without TLS: put a proxy with TLS in front of it, and let nobody else reach it");
        }
        writeUrl(started.url());
    }

    private void writeUrl(String url) {
        try {
            environment.files().replaceQuickly(urlFile, (url + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            LOG.warn("cron.http the file {} cannot be written; status has the address", urlFile, e);
        }
    }

    private void failed(String why) {
        if (!why.equals(trouble)) {
            trouble = why;
            LOG.warn(
                    "cron.http there is none: {}; firing goes on, and it is tried again every {} s",
                    why,
                    AGAIN.toSeconds());
            session.note("no HTTP: " + why + ". Firing goes on; it is tried again every " + AGAIN.toSeconds() + " s.");
            runtime.http(HttpNote.failed(why));
        }
    }

    private String taken(BindException e) {
        String where = "port " + settings.port() + " of " + settings.address();
        return String.valueOf(e.getMessage()).contains("in use")
                ? where
                        + " is taken by another program; end that, or set server.port in config.yaml (0 is any free one)"
                : where + " cannot be had (" + e.getMessage() + "); set server.address and server.port in config.yaml";
    }

    /** By its heartbeat, as status judges it. */
    private boolean isWell() {
        return runtime.node()
                .map(new HeartbeatReader(environment, session.home())::of)
                .filter(health -> !health.isTroubled())
                .isPresent();
    }

    /** Takes no more calls and ends those in hand within five seconds. */
    @Override
    public void close() {
        HttpServer running = server;
        if (running != null) {
            String url = running.url(); // known no more behind the close
            running.close();
            server = null;
            forgetUrl(url);
        }
        mcp.close();
    }

    /** Another daemon of the home may have written its own meanwhile. */
    private void forgetUrl(String own) {
        try {
            boolean isOurs = environment
                    .files()
                    .read(urlFile)
                    .filter(bytes ->
                            new String(bytes, StandardCharsets.UTF_8).strip().equals(own))
                    .isPresent();
            if (isOurs) {
                environment.files().delete(urlFile);
            }
        } catch (IOException e) {
            LOG.debug("cron.http the file {} stays", urlFile, e);
        }
    }
}
