package dev.kairos.app.command;

import dev.kairos.orchestrator.jobs.ResumeMode;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** {@code kairos resume}. */
final class ResumeCommand extends Command {
    @Override
    List<String> description() {
        return List.of(
                "Lets a paused job be due again. What was missed meanwhile is skipped, with a row in the ledger.");
    }

    @Override
    List<String> examples() {
        return List.of("kairos resume backup", "kairos resume backup --catch-up");
    }

    @Override
    void define(CommandSpec spec) {
        spec.addPositional(Options.required(0, "JOB", "its id, its name, or the first 4 or more characters of its id"));
        spec.addOption(Options.flag("run the latest missed occurrence now", "--catch-up"));
        spec.addOption(Options.flag("forget instants in the future that a wrong clock used up", "--reset"));
    }

    @Override
    int run(Arguments arguments, Session session) {
        boolean catchUp = arguments.has("--catch-up");
        boolean reset = arguments.has("--reset");
        if (catchUp && reset) {
            throw CommandFailure.usage("--catch-up and --reset contradict each other", "give one of the two");
        }
        ResumeMode mode = catchUp ? ResumeMode.CATCH_UP : reset ? ResumeMode.RESET : ResumeMode.NEXT;
        new Echo(session)
                .withSchedule("Resumed", session.writable().jobs().resume(arguments.required(0), mode), List.of());
        return ExitCode.DONE;
    }
}
