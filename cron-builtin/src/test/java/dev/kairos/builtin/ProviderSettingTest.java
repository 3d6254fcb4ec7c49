package dev.kairos.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kairos.api.InvalidInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProviderSettingTest {
    private static String changed(String before) {
        return new String(
                ProviderSetting.changed(
                        Path.of("/home/config.yaml"), Optional.of(before.getBytes(StandardCharsets.UTF_8)), "quartz"),
                StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cron:\n  interval: 30s\n  provider: OLD # why not\n  misfire:\n    policy: skip\nstore:\n  url: x\n",
                "# top\n\ncron.interval: 30s\ncron.provider: OLD\ncron.timezone: UTC\n",
                "a:\n  provider: other\ncron:   # ours\n\n    # the trigger\n    provider:  OLD  # c\n    x: 1",
                "cron:\r\n  provider: OLD\r\n  interval: 30s\r\n",
                "cron:\n  other:\n    provider: deep\n  provider: OLD\n",
                "\"cron.provider\": OLD\n",
                "cron:\n  provider: OLD",
                "\uFEFFx: 1\ncron:\n  provider: OLD\n",
            })
    void theOneLineIsChangedAndEveryOtherByteStays(String text) {
        for (String old : new String[] {"builtin", "'in-process'", "\"a # b\""}) {
            assertThat(changed(text.replace("OLD", old))).isEqualTo(text.replace("OLD", "quartz"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "yes", "No", "null", "7", "1e3", "~", "a: b", "# c", "it's", "- x", "{x}", "*x", "&x", "!x", " x "
            })
    void aNameThatYamlWouldReadAsSomethingElseIsQuotedAndCanBeReplacedAgain(String name) {
        String before = "cron:\n  provider: builtin # ours\n  interval: 30s\n";
        byte[] written =
                ProviderSetting.changed(Path.of("/x"), Optional.of(before.getBytes(StandardCharsets.UTF_8)), name);
        assertThat(ConfigFile.of(Path.of("/x"), written)).containsEntry("cron.provider", name);
        assertThat(changed(new String(written, StandardCharsets.UTF_8))).isEqualTo(before.replace("builtin", "quartz"));
    }

    @Test
    void whereThereIsNoSuchLineOneIsAdded() {
        assertThat(changed("")).isEqualTo("cron.provider: quartz\n");
        assertThat(changed("store:\n  url: x")).isEqualTo("store:\n  url: x\ncron.provider: quartz\n");
        assertThat(changed("cron:\n    interval: 30s\n")).isEqualTo("cron:\n    provider: quartz\n    interval: 30s\n");
        assertThat(changed("cron:\n  provider:\n  interval: 30s\n"))
                .isEqualTo("cron:\n  provider: quartz\n  interval: 30s\n");
        assertThat(new String(ProviderSetting.changed(Path.of("/x"), Optional.empty(), "q"), StandardCharsets.UTF_8))
                .isEqualTo("cron.provider: q\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cron: {provider: builtin, interval: 30s}\n",
                "cron:\n  ? provider\n  : builtin\n",
                "cron:\n  provider: |\n    builtin\n",
            })
    void whatCannotBeChangedByOneLineIsLeftToAPerson(String text) {
        assertThatThrownBy(() -> changed(text))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("cannot be changed without touching other lines");
    }
}
