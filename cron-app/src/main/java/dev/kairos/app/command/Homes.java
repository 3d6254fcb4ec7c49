package dev.kairos.app.command;

import dev.kairos.app.terminal.Io;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Where the home is: the option, the variable, or {@code .kairos} in the person's own folder. */
final class Homes {
    private Homes() {}

    static Path locate(Optional<String> option, Io io) {
        if (option.filter(String::isBlank).isPresent()) {
            throw CommandFailure.usage(
                    "--home is empty", "name a folder, for example --home ~/.kairos, or leave the option out");
        }
        Optional<String> named = option.or(() -> io.variable("KAIROS_HOME"));
        String text = named.map(given -> expanded(given, io)).orElseGet(() -> personal(io) + "/.kairos");
        try {
            return Path.of(text).toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            throw CommandFailure.usage(
                    "not a usable path for the home: " + text, "name a folder, for example --home ~/.kairos");
        }
    }

    private static String expanded(String given, Io io) {
        return given.equals("~") || given.startsWith("~/") ? personal(io) + given.substring(1) : given;
    }

    private static String personal(Io io) {
        return io.variable("HOME").orElseGet(() -> System.getProperty("user.home", "."));
    }
}
