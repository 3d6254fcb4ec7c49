package dev.kairos.app.command;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/** {@code kairos version}. */
final class VersionCommand extends Command {
    @Override
    List<String> description() {
        return List.of("Says which Kairos this is and on which Java it runs.");
    }

    @Override
    List<String> examples() {
        return List.of("kairos version", "kairos version --json");
    }

    @Override
    void define(CommandSpec spec) {
        // nothing beside the common options
    }

    @Override
    int run(Arguments arguments, Session session) {
        String version = version();
        String java = System.getProperty("java.version", "unknown");
        session.say("kairos " + version + " (Java " + java + ")");
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("version", version);
        tree.put("java", java);
        session.document(tree);
        return ExitCode.DONE;
    }

    /** This build's version. */
    static String version() {
        String packaged = VersionCommand.class.getPackage().getImplementationVersion();
        return packaged == null ? "0.1.0-SNAPSHOT" : packaged;
    }
}
