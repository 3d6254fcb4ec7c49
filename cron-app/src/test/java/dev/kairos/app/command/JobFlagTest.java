package dev.kairos.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.api.job.JobField;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Model.CommandSpec;

class JobFlagTest {
    @Test
    void everyFieldButTheSystemsStampsHasExactlyOneFlag() {
        List<JobFlag> flags = JobFlag.all();

        Set<JobField<?>> expected = new HashSet<>(JobField.all());
        expected.removeAll(Set.of(JobField.CREATED_AT, JobField.UPDATED_AT, JobField.PAUSED_AT));
        assertThat(flags)
                .extracting(JobFlag::field)
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void addAndEditOfferEachFlagAndItsOpposite() {
        for (Command command : List.of(new AddCommand(), new EditCommand())) {
            CommandSpec spec = CommandSpec.create();
            command.define(spec);
            for (JobFlag flag : JobFlag.all()) {
                assertThat(spec.optionsMap()).as(flag.field().key()).containsKeys(flag.name(), flag.opposite());
            }
        }
    }
}
