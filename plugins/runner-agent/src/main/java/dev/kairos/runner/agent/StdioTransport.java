package dev.kairos.runner.agent;

import dev.kairos.api.env.Environment;
import dev.kairos.api.env.PipedProcess;
import dev.kairos.api.env.Task;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Speaks with a server that is a child process of ours, a line for each message. Reading and writing have a host thread
 * each, so that a server which neither reads nor answers keeps nobody.
 */
final class StdioTransport implements McpClientTransport {
    private static final Logger LOG = LoggerFactory.getLogger("cron.agent");
    private static final String END = "";
    private static final int LONGEST_WAITING = 1_000;
    private static final int LONGEST_LINE = 16 << 20;

    private final PipedProcess child;
    private final Environment environment;
    private final McpJsonMapper json = McpJsonDefaults.getMapper();
    private final BlockingQueue<String> waiting = new LinkedBlockingQueue<>(LONGEST_WAITING);
    private @Nullable Task writer;

    StdioTransport(PipedProcess child, Environment environment) {
        this.child = child;
        this.environment = environment;
    }

    @Override
    public Mono<Void> connect(Function<Mono<JSONRPCMessage>, Mono<JSONRPCMessage>> handler) {
        return Mono.fromRunnable(() -> {
            environment.start("kairos-mcp-in-" + child.pid(), () -> read(handler));
            writer = environment.start("kairos-mcp-out-" + child.pid(), this::write);
        });
    }

    private void read(Function<Mono<JSONRPCMessage>, Mono<JSONRPCMessage>> handler) {
        try (BoundedLines lines = new BoundedLines(child.stdout(), LONGEST_LINE)) {
            for (Optional<String> line = lines.next(); line.isPresent(); line = lines.next()) {
                line.flatMap(this::message)
                        .ifPresent(message -> handler.apply(Mono.just(message))
                                .subscribe(done -> {}, trouble -> LOG.debug("cron.agent mcp-message", trouble)));
            }
        } catch (IOException closed) {
            LOG.debug("cron.agent mcp-closed pid={}", child.pid(), closed);
        }
    }

    /** Servers print other things too, against the protocol; these are passed over. */
    private Optional<JSONRPCMessage> message(String line) {
        if (line.isBlank()) {
            return Optional.empty();
        }
        try {
            return Optional.of(McpSchema.deserializeJsonRpcMessage(json, line));
        } catch (IOException | IllegalArgumentException other) {
            LOG.debug("cron.agent mcp-noise pid={}", child.pid(), other);
            return Optional.empty();
        }
    }

    private void write() {
        try (OutputStream to = child.stdin()) {
            String line = waiting.take();
            while (!line.equals(END)) {
                to.write((line + "\n").getBytes(StandardCharsets.UTF_8));
                to.flush();
                line = waiting.take();
            }
        } catch (IOException closed) {
            LOG.debug("cron.agent mcp-closed pid={}", child.pid(), closed);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public Mono<Void> sendMessage(JSONRPCMessage message) {
        return Mono.fromRunnable(() -> {
            try {
                if (!child.isAlive() || !waiting.offer(json.writeValueAsString(message))) {
                    throw new UncheckedIOException(new IOException("the server has ended or reads nothing"));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @Override
    public Mono<Void> closeGracefully() {
        return Mono.fromRunnable(() -> {
            Task writing = writer;
            if (!waiting.offer(END) && writing != null) {
                writing.interrupt();
            }
        });
    }

    @Override
    public <T> T unmarshalFrom(Object data, TypeRef<T> type) {
        return json.convertValue(data, type);
    }
}
