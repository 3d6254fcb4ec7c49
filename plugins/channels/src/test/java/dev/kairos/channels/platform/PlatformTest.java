package dev.kairos.channels.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.delivery.Attachment;
import dev.kairos.api.delivery.ChannelContext;
import dev.kairos.api.delivery.DeliveryChannel;
import dev.kairos.api.delivery.DeliveryMessage;
import dev.kairos.api.env.Environment;
import dev.kairos.channels.RealTime;
import dev.kairos.testkit.HttpChannelContract;
import dev.kairos.testkit.StandInPlatform.Request;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the tests of our platforms share. */
abstract class PlatformTest extends HttpChannelContract {
    static final String SECRET = "S3cr3t-0f-th3-pl4tf0rm";

    private final Environment environment = new RealTime();

    @Override
    protected final Environment environment() {
        return environment;
    }

    @Override
    protected final DeliveryChannel open(ChannelContext context) {
        return new PlatformChannels().open(name(), context);
    }

    /** A channel with settings of the test's own. */
    final DeliveryChannel openWith(Map<String, String> values) {
        return open(context(environment, settings(name(), values)));
    }

    @Test
    final void aSettingThatNobodyReadsIsRefused() {
        Map<String, String> slip = new HashMap<>(settings(platform().url()));
        slip.put("srever", "https://elsewhere.example");
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> openWith(slip))
                .withMessageContaining("delivery." + name() + ".srever")
                .satisfies(refused -> assertThat(refused.accepted()).contains("timeout", "srever"));
    }

    /** Sends a file and answers with the requests that came for it, the boundary of a form in each written as B. */
    final List<Request> sentFile(String address, String name, String mediaType, String content) throws Exception {
        int before = platform().requests().size();
        filePreparations().forEach(platform()::then);
        platform().then(fileConfirmation());
        Attachment file = Attachment.of(name, mediaType, content.getBytes(StandardCharsets.UTF_8));
        assertThat(channel().takesFiles()).isTrue();
        assertThat(channel().send(new DeliveryMessage(address, name, "k#2", "Backup", Optional.of(file))))
                .isEqualTo(fileReceipt());
        return platform().requests().stream()
                .skip(before)
                .map(request -> new Request(
                        request.method(),
                        request.target(),
                        request.headers(),
                        request.body().replaceAll("kairos-[0-9a-f]{32}\\b", "B")))
                .toList();
    }

    /** One part of a form. */
    static String formPart(String head, String content) {
        return "--B\r\nContent-Disposition: form-data; " + head + "\r\n\r\n" + content + "\r\n";
    }

    /** Such a form's end. */
    static final String FORM_END = "--B--\r\n";
}
