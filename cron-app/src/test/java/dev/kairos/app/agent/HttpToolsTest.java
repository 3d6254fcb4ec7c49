package dev.kairos.app.agent;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import dev.kairos.api.job.JobField;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.app.agent.WireServer.Reply;
import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Tools of real MCP servers over streamable HTTP. */
class HttpToolsTest {
    private static final String TOKEN = "wiki-token-of-this-test-only";

    @TempDir
    Path folder;

    private final CountDownLatch over = new CountDownLatch(1);
    private WireServer server;
    private AgentHome home;

    @BeforeEach
    void open() throws IOException {
        server = new WireServer();
        home = new AgentHome(folder).openAi("main", server);
    }

    @AfterEach
    void close() throws IOException {
        over.countDown();
        home.close();
        server.close();
    }

    private SyncToolSpecification says(String tool, String text) {
        return ToolProgram.tool(tool, given -> ToolProgram.said(text));
    }

    /** A tool that does something first and then never answers. */
    private SyncToolSpecification never(String tool, Runnable first) {
        return ToolProgram.tool(tool, given -> {
            first.run();
            try {
                over.await();
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
            return ToolProgram.said("too late");
        });
    }

    private JsonNode request(int index) {
        return OpenAi.tree(server.requests.get(index).body());
    }

    private List<String> offered(int index) {
        return StreamSupport.stream(request(index).path("tools").spliterator(), false)
                .map(tool -> tool.at("/function/name").asText())
                .toList();
    }

    private List<String> results(int index) {
        List<String> results = new ArrayList<>();
        request(index)
                .path("messages")
                .findParents("tool_call_id")
                .forEach(message -> results.add(message.path("content").asText()));
        return results;
    }

    @Test
    void toolsOfTwoServersWithOneNameAreToldApartAndEachIsAskedWithItsOwnToken() throws Exception {
        try (HttpTools docs = new HttpTools(List.of(says("search", "by docs"), says("cronjob", "a job was made")));
                HttpTools wiki = new HttpTools(List.of(says("search", "by wiki"), says("edit", "edited")))) {
            server.then(OpenAi.calls("search", "{}", "wiki_search", "{}", "edit", "{}"))
                    .always(OpenAi.says("Found."));

            Execution row = home.tools("docs", docs.url(), "token-of-docs")
                    .tools("wiki", wiki.url(), TOKEN)
                    .run(AgentHome.brief());
            home.run(AgentHome.brief().set(JobField.NAME, "narrow").set(JobField.TOOLS, List.of("wiki.search")));

            assertThat(row.error()).isEmpty();
            assertThat(offered(0)).containsExactlyInAnyOrder("search", "wiki_search", "edit");
            assertThat(results(1).get(0)).contains("by docs");
            assertThat(results(1).get(1)).contains("by wiki");
            assertThat(results(1).get(2)).contains("edited");
            assertThat(offered(2)).as("only one server is asked now").containsExactly("search");
            assertThat(docs.authorizations).isNotEmpty().containsOnly("Bearer token-of-docs");
            assertThat(wiki.authorizations).isNotEmpty().containsOnly("Bearer " + TOKEN);
        }
    }

    @Test
    void aCallThatHangsIsEndedAtTheServersLimitAndToldToTheModel() throws Exception {
        try (HttpTools wiki = new HttpTools(List.of(never("stall", () -> {})))) {
            server.then(OpenAi.calls("stall", "{}")).always(OpenAi.says("It did not answer."));

            Execution row = home.tools("wiki", wiki.url(), TOKEN)
                    .set("agent.mcp_servers.wiki.timeout", "4s")
                    .run(AgentHome.brief());

            assertThat(row.error()).isEmpty();
            assertThat(results(1).get(0)).contains("Error:");
            assertThat(row.took().orElseThrow()).isBetween(Duration.ofSeconds(4), Duration.ofSeconds(20));
            over.countDown();
        }
    }

    @Test
    void aCallThatHangsEndsWithTheRun() throws Exception {
        try (HttpTools wiki = new HttpTools(List.of(never("stall", () -> {})))) {
            server.always(OpenAi.calls("stall", "{}"));

            Execution row = home.tools("wiki", wiki.url(), TOKEN)
                    .run(AgentHome.brief().set(JobField.TIMEOUT, Duration.ofSeconds(2)));

            assertThat(row.status()).isEqualTo(ExecutionStatus.TIMED_OUT);
            assertThat(row.took().orElseThrow()).isLessThan(Duration.ofSeconds(10));
            over.countDown();
        }
    }

    @Test
    void aCallWhoseConnectionBreaksIsToldToTheModelAndTheNextOneWorks() throws Exception {
        HttpTools[] self = new HttpTools[1];
        try (HttpTools wiki = new HttpTools(List.of(never("break", () -> self[0].cut()), says("search", "found")))) {
            self[0] = wiki;
            server.then(OpenAi.calls("break", "{}"), OpenAi.calls("search", "{}"))
                    .always(OpenAi.says("It broke once."));

            Execution row = home.tools("wiki", wiki.url(), TOKEN)
                    .set("agent.mcp_servers.wiki.timeout", "5s")
                    .run(AgentHome.brief());

            assertThat(row.error()).isEmpty();
            assertThat(results(1).get(0)).contains("Error:");
            assertThat(results(2).get(1)).contains("found");
            over.countDown();
        }
    }

    @Test
    void aServerThatRefusesHangsOrIsNotThereFailsTheRunAndItsTokenIsNowhere() throws Exception {
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        Logger libraries = (Logger) LoggerFactory.getLogger("io.modelcontextprotocol");
        Level librariesBefore = libraries.getLevel();
        root.addAppender(lines);
        List<String> outputs = new ArrayList<>();
        try (WireServer wiki = new WireServer()) {
            libraries.setLevel(Level.TRACE);
            home.tools("wiki", wiki.url(), TOKEN).set("agent.mcp_servers.wiki.start_timeout", "1s");
            List<Reply> replies = List.of(
                    Reply.status(401, "{\"error\":\"no such token: " + TOKEN + "\"}"), Reply.cut(), Reply.hang());
            for (Reply reply : replies) {
                wiki.always(reply);
                Execution row = home.run(AgentHome.brief().set(JobField.NAME, "job" + outputs.size()));

                assertThat(row.reason()).contains("tools_unavailable");
                assertThat(row.error().orElseThrow()).contains("wiki", "agent.mcp_servers.wiki");
                assertThat(row.took().orElseThrow()).isLessThan(Duration.ofSeconds(15));
                outputs.add(row.error().orElseThrow() + home.output(row));
            }
            assertThat(wiki.requests.get(0).headers()).containsEntry("authorization", "Bearer " + TOKEN);
        } finally {
            libraries.setLevel(librariesBefore);
            root.detachAppender(lines);
        }
        assertThat(server.requests).as("no model was asked").isEmpty();
        assertThat(outputs).noneMatch(text -> text.contains(TOKEN));
        assertThat(lines.list)
                .isNotEmpty()
                .noneMatch(line -> (line.getFormattedMessage()
                                + (line.getThrowableProxy() == null
                                        ? ""
                                        : ThrowableProxyUtil.asString(line.getThrowableProxy())))
                        .contains(TOKEN));
    }
}
