package dev.kairos.examples.pulse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

final class PulseDemoTest {
    @TempDir
    Path folder;

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void thePulseIsFoundOnTheClassPathAndFires() throws InterruptedException {
        PrintStream terminal = System.out;
        var out = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            PulseDemo.main(new String[] {folder.resolve("home").toString()});
        } finally {
            System.setOut(terminal);
        }
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("fired three times by: pulse");
    }
}
