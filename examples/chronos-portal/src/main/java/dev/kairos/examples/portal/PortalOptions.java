package dev.kairos.examples.portal;

import java.net.URI;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * What the portal is told on its command line.
 *
 * @param folder where it keeps its triggers, its key and its agents' tokens
 * @param port where it listens on the loopback interface; 0 is any free one
 * @param url how agents reach it; empty for the loopback interface
 * @param agent the agent that it serves
 * @param startCommand what starts the agent when its callback refuses the connection
 */
record PortalOptions(Path folder, int port, Optional<URI> url, String agent, Optional<String> startCommand) {
    static final String USAGE =
            "usage: ChronosPortal FOLDER [--port N] [--url URL] [--agent NAME] [--start-command COMMAND]";

    PortalOptions {
        Objects.requireNonNull(folder);
        Objects.requireNonNull(url);
        Objects.requireNonNull(startCommand);
        if (!agent.matches("[a-z0-9-]{1,40}")) {
            throw new IllegalArgumentException("an agent's name is lower-case letters, digits and dashes: " + agent);
        }
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("a port is 0 to 65535, not " + port);
        }
    }

    /**
     * Reads the command line.
     *
     * @throws IllegalArgumentException if it cannot be understood
     */
    static PortalOptions of(String... args) {
        if (args.length == 0 || args.length % 2 == 0) {
            throw new IllegalArgumentException(USAGE);
        }
        PortalOptions options = new PortalOptions(Path.of(args[0]), 7070, Optional.empty(), "agent", Optional.empty());
        for (int i = 1; i < args.length; i += 2) {
            options = options.with(args[i], args[i + 1]);
        }
        return options;
    }

    private PortalOptions with(String name, String value) {
        switch (name) {
            case "--port":
                return new PortalOptions(folder, Integer.parseInt(value), url, agent, startCommand);
            case "--url":
                return new PortalOptions(folder, port, Optional.of(URI.create(value)), agent, startCommand);
            case "--agent":
                return new PortalOptions(folder, port, url, value, startCommand);
            case "--start-command":
                return new PortalOptions(folder, port, url, agent, Optional.of(value));
            default:
                throw new IllegalArgumentException("no option " + name + "; " + USAGE);
        }
    }
}
