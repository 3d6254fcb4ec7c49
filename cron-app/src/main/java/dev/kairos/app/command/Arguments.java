package dev.kairos.app.command;

import dev.kairos.api.InvalidInputException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** What was typed, by the names under which the command described it. */
final class Arguments {
    private final ParseResult parsed;

    Arguments(ParseResult parsed) {
        this.parsed = parsed;
    }

    boolean has(String option) {
        return parsed.hasMatchedOption(option);
    }

    Optional<String> text(String option) {
        return Optional.ofNullable(parsed.matchedOptionValue(option, null));
    }

    List<String> texts(String option) {
        List<String> given = parsed.matchedOptionValue(option, null);
        return given == null ? List.of() : given;
    }

    Optional<String> positional(int index) {
        return parsed.hasMatchedPositional(index)
                ? Optional.ofNullable(parsed.matchedPositionalValue(index, null))
                : Optional.empty();
    }

    /**
     * A positional parameter that nothing goes without.
     *
     * @throws CommandFailure if it was not given; it names the parameter
     */
    String required(int index) {
        return positional(index).orElseThrow(() -> {
            CommandSpec command = parsed.commandSpec();
            PositionalParamSpec missing = command.positionalParameters().get(index);
            return CommandFailure.usage(
                    missing.paramLabel() + " is missing: " + missing.description()[0],
                    command.name() + " --help shows an example");
        });
    }

    /**
     * A whole number.
     *
     * @throws InvalidInputException if it is none, or out of range
     */
    int number(String option, int otherwise, int least, int most) {
        Optional<String> given = text(option);
        if (given.isEmpty()) {
            return otherwise;
        }
        String accepted =
                "write a whole number from " + least + " to " + most + ", for example " + option + " " + otherwise;
        try {
            int number = Integer.parseInt(given.get().strip());
            if (number < least || number > most) {
                throw new InvalidInputException(option, given.get(), "out of range", accepted);
            }
            return number;
        } catch (NumberFormatException e) {
            throw new InvalidInputException(option, given.get(), "not a whole number", accepted);
        }
    }
}
