package dev.kairos.app.command;

import dev.kairos.builtin.Nearest;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns what the parser refused into a line of what and a line of what to do. */
final class UsageMistakes {
    private UsageMistakes() {}

    static CommandFailure explain(String name, ParameterException mistake) {
        String help = "kairos " + name + " --help shows how it is written";
        if (mistake instanceof UnmatchedArgumentException unmatched
                && !unmatched.getUnmatched().isEmpty()) {
            return unmatched(unmatched, help);
        }
        if (mistake instanceof MissingParameterException missing) {
            return missing(missing, help);
        }
        if (mistake instanceof OverwrittenOptionException twice) {
            return CommandFailure.usage(label(twice.getOverwritten()) + " is given twice", "give it once; " + help);
        }
        String message = mistake.getMessage() == null ? "the arguments do not fit" : mistake.getMessage();
        return CommandFailure.usage(message.lines().findFirst().orElse(message), help);
    }

    private static CommandFailure unmatched(UnmatchedArgumentException unmatched, String help) {
        String word = unmatched.getUnmatched().get(0);
        if (!word.startsWith("-") || word.equals("-")) {
            return CommandFailure.usage("unexpected argument: " + word, "put a text with blanks in quotes; " + help);
        }
        String option = word.contains("=") ? word.substring(0, word.indexOf('=')) : word;
        String advice = Nearest.to(
                        option, optionNames(unmatched.getCommandLine().getCommandSpec()))
                .map(near -> "did you mean " + near + "? ")
                .orElse("");
        return CommandFailure.usage("unknown option: " + option, advice + help);
    }

    private static CommandFailure missing(MissingParameterException missing, String help) {
        List<ArgSpec> specs = missing.getMissing();
        if (specs.isEmpty()) {
            return CommandFailure.usage("a value is missing", help);
        }
        ArgSpec first = specs.get(0);
        if (first.isPositional()) {
            return CommandFailure.usage(first.paramLabel() + " is missing: " + first.description()[0], help);
        }
        return CommandFailure.usage(label(first) + " needs a value: " + first.paramLabel(), help);
    }

    private static String label(ArgSpec spec) {
        return spec instanceof OptionSpec option ? option.longestName() : spec.paramLabel();
    }

    private static List<String> optionNames(CommandSpec spec) {
        List<String> names = new ArrayList<>();
        spec.options().forEach(option -> names.addAll(List.of(option.names())));
        return names;
    }
}
