package dev.kairos.runner.agent;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreRunTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "plain text|false|plain text",
                "{\"wakeAgent\": false}|true|''",
                "first~{\"wakeAgent\": false}|true|first",
                "first~{\"wakeAgent\": true, \"context\": \"more\"}|false|first~~more",
                "{\"wakeAgent\": true, \"context\": {\"a\": 1}}|false|{\"a\":1}",
                "{\"wakeAgent\": \"false\"}|false|''",
                "{\"other\": false}|false|{\"other\": false}",
                "{\"wakeAgent\": false}~last|false|{\"wakeAgent\": false}~last",
                "{\"wakeAgent\": false|false|{\"wakeAgent\": false",
            })
    void onlyALastLineThatIsAnObjectWithTheGateIsAWordToKairos(String stdout, boolean isAsleep, String output) {
        PreRun read = PreRun.read(stdout.replace('~', '\n'));

        assertThat(read.isAsleep()).isEqualTo(isAsleep);
        assertThat(read.output()).isEqualTo(output.replace('~', '\n'));
    }
}
