package dev.kairos.app.command;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.app.terminal.TextWidth;
import dev.kairos.orchestrator.run.ScriptFile;
import dev.kairos.orchestrator.schedule.ParsedSchedule;
import dev.kairos.orchestrator.schedule.SchedulePreview;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Asks for a job step by step; a wrong answer is explained and asked again. Ends when the person ends the input. */
final class AddDialogue {
    private final Session session;
    private final OpenHome home;

    /**
     * What came of it.
     *
     * @param definition the job
     * @param notes what was remarked upon the schedule
     */
    record Answers(JobDefinition definition, List<String> notes) {}

    /** The person ended the input. */
    private static final class Ended extends Exception {
        private static final long serialVersionUID = 1L;
    }

    AddDialogue(Session session, OpenHome home) {
        this.session = session;
        this.home = home;
    }

    /** The job as answered; empty if the person gave up. */
    Optional<Answers> ask() throws IOException {
        try {
            JobDefinition.Builder definition = JobDefinition.builder();
            ParsedSchedule schedule = when();
            definition.set(JobField.SCHEDULE, schedule.schedule());
            what(definition);
            optional("A name for it (none)", JobField.NAME, definition);
            optional("Where does the result go? (local)", JobField.DELIVER, definition);
            return isYes("Add it? [Y/n]")
                    ? Optional.of(new Answers(definition.build(), schedule.notes()))
                    : Optional.empty();
        } catch (Ended e) {
            session.say("");
            return Optional.empty();
        }
    }

    private ParsedSchedule when() throws IOException, Ended {
        session.say("When is it due? For example: every 2h, weekdays at 9am, 0 9 * * *, 30m");
        while (true) {
            String text = answer("When");
            try {
                ParsedSchedule parsed = home.jobs().readSchedule(text, Optional.empty());
                Instant now = session.now();
                SchedulePreview preview = SchedulePreview.of(parsed, now, 3);
                ScheduleEcho.lines(parsed.schedule(), preview, now).forEach(line -> session.say("  " + line));
                return parsed;
            } catch (InvalidInputException e) {
                explain(e);
            }
        }
    }

    private void what(JobDefinition.Builder definition) throws IOException, Ended {
        while (true) {
            String kind = answer("What does it do: run a [s]cript, or give an [a]gent a task?");
            if (kind.toLowerCase(Locale.ROOT).startsWith("s")) {
                script(definition);
                return;
            }
            if (kind.toLowerCase(Locale.ROOT).startsWith("a")) {
                required("The task", JobField.PROMPT, definition);
                return;
            }
            session.say("  answer s or a");
        }
    }

    private void script(JobDefinition.Builder definition) throws IOException, Ended {
        Path folder = home.folder().resolve("scripts");
        List<Path> files = session.environment().files().list(folder);
        session.say("Scripts lie in " + folder
                + (files.isEmpty()
                        ? " (none yet; you can put it there afterwards)"
                        : ": "
                                + files.stream()
                                        .map(file -> TextWidth.plain(String.valueOf(file.getFileName())))
                                        .limit(20)
                                        .collect(Collectors.joining(", "))));
        required("Which script", JobField.SCRIPT, definition);
        definition.set(JobField.NO_AGENT, true);
    }

    private <T> void required(String question, JobField<T> field, JobDefinition.Builder definition)
            throws IOException, Ended {
        while (true) {
            String text = answer(question);
            if (!text.isEmpty() && isTaken(field, text, definition)) {
                return;
            }
        }
    }

    private <T> void optional(String question, JobField<T> field, JobDefinition.Builder definition)
            throws IOException, Ended {
        while (true) {
            String text = answer(question);
            if (text.isEmpty() || isTaken(field, text, definition)) {
                return;
            }
        }
    }

    private <T> boolean isTaken(JobField<T> field, String text, JobDefinition.Builder definition) {
        try {
            check(field, text);
            definition.setRaw(field, text);
            return true;
        } catch (InvalidInputException e) {
            explain(e);
            return false;
        }
    }

    /** What would be refused, or remarked upon, when everything is answered is better said now. */
    private <T> void check(JobField<T> field, String text) {
        if (field.equals(JobField.SCRIPT)) {
            Path file = home.folder().resolve("scripts").resolve(text);
            if (Path.of(text).getNameCount() == 1 && !Files.exists(file)) {
                session.say("  there is no such file yet; put it at " + file + " before the job is due");
            } else {
                ScriptFile.resolve(home.folder(), text);
            }
        } else if (field.equals(JobField.DELIVER)) {
            for (String target : text.split(",")) {
                home.runtime().targetTrouble(target.strip()).ifPresent(why -> {
                    throw new InvalidInputException(
                            field.key(), target.strip(), why, "name another target, or none for local");
                });
            }
        }
    }

    private boolean isYes(String question) throws IOException, Ended {
        String text = answer(question).toLowerCase(Locale.ROOT);
        return text.isEmpty() || text.startsWith("y");
    }

    private void explain(InvalidInputException refused) {
        session.say("  " + TextWidth.plain(String.valueOf(refused.getMessage())));
        session.say("  " + TextWidth.plain(refused.accepted()));
    }

    private String answer(String question) throws IOException, Ended {
        session.io().out().print(question + ": ");
        session.io().out().flush();
        String line = session.io().in().readLine();
        if (line == null) {
            throw new Ended();
        }
        return line.strip();
    }
}
