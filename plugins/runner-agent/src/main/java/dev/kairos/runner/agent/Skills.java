package dev.kairos.runner.agent;

import dev.kairos.api.env.Environment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The skills of a job, read from the home's {@code skills} folder in the job's order. */
final class Skills {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]+");
    private static final int LONGEST = 200_000;

    private final Path folder;
    private final Environment environment;

    Skills(Path home, Environment environment) {
        this.folder = home.toAbsolutePath().resolve("skills");
        this.environment = environment;
    }

    /**
     * What was found of the skills.
     *
     * @param texts each skill with its name, in order
     * @param missing the names of those that are not there
     */
    record Found(List<Skill> texts, List<String> missing) {}

    /**
     * One skill.
     *
     * @param name its folder
     * @param text its SKILL.md
     */
    record Skill(String name, String text) {}

    Found read(List<String> names) throws IOException {
        List<Skill> texts = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (String name : names) {
            Optional<String> text = read(name);
            if (text.isPresent()) {
                texts.add(new Skill(name, text.get()));
            } else {
                missing.add(name);
            }
        }
        return new Found(texts, missing);
    }

    /** Whether the skill is there. */
    boolean has(String name) {
        return file(name).isPresent();
    }

    private Optional<String> read(String name) throws IOException {
        Optional<Path> file = file(name);
        if (file.isEmpty()) {
            return Optional.empty();
        }
        return environment.files().read(file.get()).map(bytes -> {
            String text = new String(bytes, StandardCharsets.UTF_8).strip();
            return text.length() > LONGEST ? text.substring(0, LONGEST) + "\n[... cut here ...]" : text;
        });
    }

    /** The skill's file, if it is there and, with links followed, inside the folder of skills. */
    private Optional<Path> file(String name) {
        if (!NAME.matcher(name).matches() || name.equals(".") || name.equals("..")) {
            return Optional.empty();
        }
        try {
            Path real = folder.resolve(name).resolve("SKILL.md").toRealPath();
            return Files.isRegularFile(real) && real.startsWith(folder.toRealPath())
                    ? Optional.of(real)
                    : Optional.empty();
        } catch (IOException absent) {
            return Optional.empty();
        }
    }
}
