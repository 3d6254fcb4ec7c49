package dev.kairos.app.server;

import dev.kairos.api.env.Environment;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.Connection;

/**
 * Closes connections that take longer than they may: for the head of a request, for its body, for taking the answer. The
 * library bounds only the silence between two bytes, within which somebody could send one byte at a time for ever. Where
 * one connection more comes than may be open, the one that has waited longest for a request gives way. Thread-safe.
 */
final class ConnectionWatch implements Connection.Listener {
    private final Environment environment;
    private final ServerSettings.Bounds bounds;
    private final Map<Connection, Turn> open = new ConcurrentHashMap<>();
    private final Object admission = new Object();

    ConnectionWatch(Environment environment, ServerSettings.Bounds bounds) {
        this.environment = environment;
        this.bounds = bounds;
    }

    /**
     * What a connection is at.
     *
     * @param call which of its calls is in hand; empty while it waits for one
     * @param until when it is closed; empty while the server itself works for it
     */
    private record Turn(Optional<Object> call, Optional<Duration> until) {
        boolean isIdle() {
            return call.isEmpty();
        }

        boolean isOf(Object one) {
            return call.filter(mine -> mine == one).isPresent();
        }

        boolean isOver(Duration now) {
            return until.filter(end -> end.compareTo(now) <= 0).isPresent();
        }
    }

    @Override
    public void onOpened(Connection connection) {
        admit(connection).ifPresent(this::end);
    }

    /** Answers who has to go for it: one that waits, or itself where all are busy. One by one, lest each makes room twice. */
    private Optional<Connection> admit(Connection connection) {
        synchronized (admission) {
            Optional<Connection> leaves = open.size() < bounds.connections()
                    ? Optional.empty()
                    : Optional.of(longestIdle().orElse(connection));
            leaves.ifPresent(open::remove);
            if (leaves.filter(connection::equals).isEmpty()) {
                open.put(connection, new Turn(Optional.empty(), in(bounds.silence())));
            }
            return leaves;
        }
    }

    @Override
    public void onClosed(Connection connection) {
        open.remove(connection);
    }

    /** The head of a call is there: its body is read. */
    void reads(Connection connection, Object call) {
        open.computeIfPresent(connection, (known, before) -> new Turn(Optional.of(call), in(bounds.request())));
    }

    /** The call is whole: an endpoint works on it, within bounds of its own. */
    void works(Connection connection, Object call) {
        turn(connection, call, new Turn(Optional.of(call), Optional.empty()));
    }

    /** The answer is sent. */
    void answers(Connection connection, Object call) {
        turn(connection, call, new Turn(Optional.of(call), in(bounds.request())));
    }

    /** The answer was taken: the next call may come, or is there already, and then this says nothing. */
    void waits(Connection connection, Object call) {
        turn(connection, call, new Turn(Optional.empty(), in(bounds.silence())));
    }

    /** How many are open. */
    int count() {
        return open.size();
    }

    /** Closes those whose time is over; called now and then. */
    void sweep() {
        Duration now = environment.uptime();
        open.forEach((connection, turn) -> {
            if (turn.isOver(now)) {
                end(connection);
            }
        });
    }

    private Optional<Duration> in(Duration bound) {
        return Optional.of(environment.uptime().plus(bound));
    }

    private void turn(Connection connection, Object call, Turn turn) {
        open.computeIfPresent(connection, (known, before) -> before.isOf(call) ? turn : before);
    }

    private Optional<Connection> longestIdle() {
        return open.entrySet().stream()
                .filter(entry -> entry.getValue().isIdle())
                .min(Comparator.comparing(entry -> entry.getValue().until().orElse(Duration.ZERO)))
                .map(Map.Entry::getKey);
    }

    private void end(Connection connection) {
        open.remove(connection);
        connection.getEndPoint().close(new TimeoutException("its time is over"));
    }
}
