package dev.kairos.app.command;

import java.util.List;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Short ways to describe options and parameters without annotations, which would be read by reflection at start. */
final class Options {
    private Options() {}

    static OptionSpec flag(String description, String... names) {
        return OptionSpec.builder(names)
                .type(boolean.class)
                .arity("0")
                .description(description)
                .build();
    }

    static OptionSpec value(String label, String description, String... names) {
        return OptionSpec.builder(names)
                .type(String.class)
                .arity("1")
                .paramLabel(label)
                .description(description)
                .build();
    }

    static OptionSpec values(String label, String description, String... names) {
        return OptionSpec.builder(names)
                .type(List.class)
                .auxiliaryTypes(String.class)
                .arity("1")
                .paramLabel(label)
                .description(description)
                .build();
    }

    static OptionSpec choice(String label, List<String> words, String description, String... names) {
        return OptionSpec.builder(names)
                .type(String.class)
                .arity("1")
                .paramLabel(label)
                .completionCandidates(words)
                .description(description)
                .build();
    }

    static PositionalParamSpec required(int index, String label, String description) {
        return positional(index, "1", label, description);
    }

    static PositionalParamSpec optional(int index, String label, String description) {
        return positional(index, "0..1", label, description);
    }

    private static PositionalParamSpec positional(int index, String arity, String label, String description) {
        return PositionalParamSpec.builder()
                .index(Integer.toString(index))
                .type(String.class)
                .arity(arity)
                .paramLabel(label)
                .description(description)
                .build();
    }
}
