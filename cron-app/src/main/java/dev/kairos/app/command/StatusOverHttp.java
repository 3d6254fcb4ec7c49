package dev.kairos.app.command;

import dev.kairos.app.server.HttpAnswer;
import dev.kairos.app.terminal.Io;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What {@code kairos status --json} prints, for the server: the same code, with nobody at a terminal. */
final class StatusOverHttp {
    private final Session session;

    StatusOverHttp(Session session) {
        this.session = session;
    }

    HttpAnswer answer() {
        ByteArrayOutputStream document = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(document, false, StandardCharsets.UTF_8);
        Io io = new Io(
                InputStream.nullInputStream(),
                out,
                session.io().err(),
                session.io().variables(),
                Io.Terminals.NONE);
        try (Session guest = session.within(io, true)) {
            StatusCommand.tell(guest);
        } catch (RuntimeException e) {
            CommandFailure told = Failures.inPlainWords(e, Optional.of(session.home()));
            return HttpAnswer.error(503, String.valueOf(told.getMessage()), told.advice());
        }
        return HttpAnswer.of(200, document.toString(StandardCharsets.UTF_8).strip());
    }
}
