package dev.kairos.testkit.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.api.job.JobField;
import dev.kairos.api.job.JobState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class JobsDocumentTest {
    @Test
    void everyFieldAndEveryStateStandsInTheDocument() throws IOException {
        String document = Files.readString(Path.of("..", "docs", "jobs.md"));
        assertThat(document)
                .contains(JobField.all().stream()
                        .map(field -> "`" + field.key() + "`")
                        .toList());
        for (JobState state : JobState.values()) {
            assertThat(document).contains("| `" + state.word() + "` |");
        }
    }
}
