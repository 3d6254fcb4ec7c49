package dev.kairos.orchestrator.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SilenceTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "[SILENT]",
                "silent",
                " NO_REPLY \n",
                "[silent]\nall is well",
                "all is well\nNo_Reply",
                "x\r\n[SILENT]\r\n",
                "[SILENT] nothing new",
                "SILENT\nx"
            })
    void aMarkerAloneOrOnItsOwnFirstOrLastLineIsSilence(String message) {
        assertThat(Silence.of(message, true)).contains("silent: marker");
        assertThat(Silence.of(message, false)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"the [SILENT] marker", "a\nSILENT\nb", "SILENT night", "NO_REPLY needed", "silently", "[SILENT"})
    void aMarkerInsideTheTextIsText(String message) {
        assertThat(Silence.of(message, true)).isEmpty();
    }

    @Test
    void nothingIsNeverDelivered() {
        assertThat(Silence.of(" \n\t", false)).contains("silent: empty output");
    }
}
