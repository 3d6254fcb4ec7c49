package dev.kairos.app.command;

import dev.kairos.api.tool.ToolCall;
import dev.kairos.app.terminal.Io;
import dev.kairos.app.terminal.Json;
import dev.kairos.builtin.cronjob.Cronjob;
import dev.kairos.builtin.cronjob.CronjobActions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * The tool with which an agent schedules work for its user. Each call opens the home anew, as a command does, so that it
 * sees what people changed meanwhile and holds nothing between calls. Any thread.
 */
final class CronjobTool implements AutoCloseable {
    static final String NAME = Cronjob.NAME;
    /** Whose jobs those are that come through this tool. */
    private static final String CLIENT = "mcp";

    private final Function<Io, Session> sessions;
    private final Io io;
    private final Set<Session> open = ConcurrentHashMap.newKeySet();

    /**
     * The tool of one home.
     *
     * @param sessions opens a session on the home
     * @param io whose standard output is no place for anything of the calls
     */
    CronjobTool(Function<Io, Session> sessions, Io io) {
        this.sessions = sessions;
        this.io = io;
    }

    /**
     * What the model is told.
     *
     * @param text JSON
     * @param isError whether the call must be mended
     */
    record Answer(String text, boolean isError) {}

    /**
     * Does what is asked.
     *
     * @param arguments the model's
     * @param origin the chat in which it was asked, as the client says, not the model
     */
    Answer call(Map<String, Object> arguments, Optional<Map<String, Object>> origin) throws InterruptedException {
        Session session = sessions.apply(io);
        boolean isKept = false;
        try {
            CronjobActions actions =
                    new CronjobActions(new SessionHome(session), CLIENT, new ToolCall(arguments, origin));
            Answer answer = new Answer(Json.document(actions.answer()), false);
            if (actions.goesOn().isPresent()) {
                isKept = true;
                open.add(session);
                actions.goesOn()
                        .get()
                        .whenComplete(
                                (row, trouble) -> session.environment().start("kairos-mcp-run", () -> end(session)));
            }
            if (!isKept) {
                Registration.settle(session);
            }
            return answer;
        } catch (InterruptedException ended) {
            throw ended;
        } catch (Exception | LinkageError e) {
            return refused(Failures.inPlainWords(e, Optional.of(session.home())));
        } finally {
            if (!isKept) {
                session.close();
            }
        }
    }

    private void end(Session session) {
        if (open.remove(session)) {
            session.close();
        }
    }

    /** Ends what runs here. */
    @Override
    public void close() {
        List.copyOf(open).forEach(this::end);
    }

    private static Answer refused(CommandFailure told) {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("what", String.valueOf(told.getMessage()));
        error.put("do", told.advice());
        return new Answer(Json.document(Map.of("error", error)), true);
    }
}
