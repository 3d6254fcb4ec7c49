package dev.kairos.channels.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.testkit.StandInPlatform.Reply;
import dev.kairos.testkit.StandInPlatform.Request;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Mattermost API Reference v4, "Create a post" (developers.mattermost.com/api-documentation). */
final class MattermostTest extends PlatformTest {
    @Override
    protected String name() {
        return "mattermost";
    }

    @Override
    protected Map<String, String> settings(String url) {
        return Map.of("url", url + "/", "token", SECRET);
    }

    @Override
    protected List<String> secrets() {
        return List.of(SECRET);
    }

    @Override
    protected List<String> addresses() {
        return List.of("4xp9fdt77pncbef59f4k1qe83o", "4xp9fdt77pncbef59f4k1qe83o:5yq8gdt77pncbef59f4k1qe83a");
    }

    @Override
    protected List<String> wrongAddresses() {
        return List.of("", "town-square", "4XP9", "~town-square");
    }

    @Override
    protected Reply confirmation() {
        return Reply.of(201, "{\"id\":\"7nbrxbs7ip8pzfqn1u8fhgx5ka\",\"create_at\":1,\"message\":\"x\"}");
    }

    @Override
    protected String receipt() {
        return "7nbrxbs7ip8pzfqn1u8fhgx5ka";
    }

    @Override
    protected int sizeOf(String part) {
        return part.codePointCount(0, part.length());
    }

    @Override
    protected int limit() {
        return 16383;
    }

    @Override
    protected boolean hasFences() {
        return true;
    }

    @Test
    void theRequestIsTheDocumentedOne() throws Exception {
        Request request = sent("4xp9fdt77pncbef59f4k1qe83o:5yq8gdt77pncbef59f4k1qe83a", "**done**");
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.target()).isEqualTo("/api/v4/posts");
        assertThat(request.headers()).containsEntry("authorization", "Bearer " + SECRET);
        assertThat(request.body())
                .isEqualTo("{\"channel_id\":\"4xp9fdt77pncbef59f4k1qe83o\",\"message\":\"**done**\","
                        + "\"root_id\":\"5yq8gdt77pncbef59f4k1qe83a\"}");
    }

    /** "Mention people in messages": these words call everybody in the channel. */
    @Test
    void aReportCallsNobody() {
        assertThat(channel().parts("@here, @All and @channel: mail ann@allegro.example `@here` @alligator"))
                .containsExactly(
                        "@\u200bhere, @\u200bAll and @\u200bchannel: mail ann@allegro.example `@here` @alligator");
    }

    @Override
    protected List<Reply> filePreparations() {
        return List.of(Reply.of(201, "{\"file_infos\":[{\"id\":\"f1\"}],\"client_ids\":[]}"));
    }

    /** "Upload a file" and "Create a post". */
    @Test
    void aFileIsPutIntoTheChannelAndThenPosted() throws Exception {
        String channel = "4xp9fdt77pncbef59f4k1qe83o";
        List<Request> requests = sentFile(channel, "a.csv", "text/csv", "a,b\n");
        assertThat(requests)
                .extracting(request -> request.method() + " " + request.target())
                .containsExactly("POST /api/v4/files", "POST /api/v4/posts");
        assertThat(requests.get(0).body())
                .isEqualTo(formPart("name=\"channel_id\"", channel)
                        + formPart("name=\"files\"; filename=\"a.csv\"\r\nContent-Type: text/csv", "a,b\n")
                        + FORM_END);
        assertThat(requests.get(1).body())
                .isEqualTo("{\"channel_id\":\"" + channel + "\",\"message\":\"\",\"file_ids\":[\"f1\"]}");
    }
}
