package dev.kairos.app.command;

import dev.kairos.app.terminal.Io;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Makes picocli's model of a command: its own arguments, the common ones, its help text. */
final class CommandLines {
    private static final int WIDEST_HELP = 110;
    private static final int NARROWEST_HELP = 55;

    private CommandLines() {}

    /** The parser of one command. */
    static CommandLine of(String name, Command command, Io io) {
        CommandSpec spec = CommandSpec.create().name("kairos " + name);
        command.define(spec);
        addCommonOptions(spec);
        spec.usageMessage()
                .description(command.description().toArray(String[]::new))
                .footerHeading("%nExamples:%n")
                .footer(command.examples().stream()
                        .map(line -> "  " + line.replace("%", "%%"))
                        .toArray(String[]::new))
                .sortOptions(false)
                .abbreviateSynopsis(true)
                .synopsisHeading("")
                .descriptionHeading("%n")
                .parameterListHeading("%n")
                .optionListHeading("%n");
        return configured(new CommandLine(spec), io);
    }

    /** All commands under one root, for the completion script. */
    static CommandLine all(Io io) {
        CommandLine root = configured(new CommandLine(CommandSpec.create().name("kairos")), io);
        for (String name : Commands.names()) {
            Commands.make(name).ifPresent(command -> {
                CommandSpec spec = CommandSpec.create().name(name);
                command.define(spec);
                addCommonOptions(spec);
                root.addSubcommand(name, new CommandLine(spec));
            });
        }
        return root;
    }

    private static CommandLine configured(CommandLine line, Io io) {
        int width = io.width().map(columns -> Math.min(WIDEST_HELP, columns)).orElse(100);
        return line.setExpandAtFiles(false)
                .setInterpolateVariables(false)
                .setTrimQuotes(false)
                .setUsageHelpWidth(Math.max(NARROWEST_HELP, width))
                .setColorScheme(CommandLine.Help.defaultColorScheme(io.hasColour() ? Ansi.ON : Ansi.OFF));
    }

    private static void addCommonOptions(CommandSpec spec) {
        spec.addOption(Options.value("DIR", "the home folder (default: $KAIROS_HOME, else ~/.kairos)", "--home"));
        spec.addOption(Options.flag("write JSON to standard output, and nothing else there", "--json"));
        spec.addOption(Options.flag("write the log to standard error too", "-v", "--verbose"));
        spec.addOption(OptionSpec.builder("-h", "--help")
                .type(boolean.class)
                .arity("0")
                .usageHelp(true)
                .description("show this text")
                .build());
    }

    /** Options that may stand before the command's name, without a value. */
    static final List<String> COMMON_FLAGS = List.of("--json", "-v", "--verbose", "-h", "--help");
}
