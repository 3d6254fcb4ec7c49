package dev.kairos.app.command;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.schedule.Schedule;
import dev.kairos.app.terminal.Json;
import dev.kairos.builtin.Nearest;
import dev.kairos.orchestrator.schedule.CompiledSchedule;
import dev.kairos.orchestrator.schedule.ScheduleContext;
import dev.kairos.orchestrator.schedule.ScheduleParser;
import dev.kairos.orchestrator.schedule.ScheduleZones;
import dev.kairos.orchestrator.schedule.Schedules;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Answers one JSON line for each line read, in order, as they come. */
final class NextBatch {
    private static final Set<String> KEYS = Set.of("expr", "tz", "from", "n");
    private static final int MOST = 10_000;
    private static final int USUAL = 5;

    private final Session session;
    private final ZoneId defaultZone;

    NextBatch(Session session, ZoneId defaultZone) {
        this.session = session;
        this.defaultZone = defaultZone;
    }

    int run() throws IOException {
        BufferedReader in = session.io().in();
        PrintStream out = session.io().out();
        String line = in.readLine();
        while (line != null) {
            out.println(answer(line));
            if (!in.ready()) {
                out.flush();
                if (out.checkError()) {
                    return ExitCode.FAILED;
                }
            }
            line = in.readLine();
        }
        return ExitCode.DONE;
    }

    private String answer(String line) {
        try {
            Map<String, Object> request = Json.object("line", line);
            refuseUnknownKeys(request);
            return Json.line(Map.of("next", next(request)));
        } catch (InvalidInputException e) {
            Map<String, Object> error = new LinkedHashMap<>();
            error.put("where", e.where());
            error.put("given", e.given());
            error.put("reason", e.reason());
            error.put("accepted", e.accepted());
            return Json.line(Map.of("error", error));
        }
    }

    private List<String> next(Map<String, Object> request) {
        String expression = text(request, "expr")
                .orElseThrow(() -> new InvalidInputException(
                        "expr", "", "it is missing", "write {\"expr\": \"0 9 * * *\", \"tz\": \"UTC\", \"n\": 3}"));
        Optional<ZoneId> own = text(request, "tz").map(name -> ScheduleZones.parse(name, "tz"));
        ZoneId zone = own.orElse(defaultZone);
        Instant from = text(request, "from")
                .map(given -> InstantText.parse("from", given, zone))
                .orElseGet(() -> session.now());
        int count = count(request);
        ScheduleContext context = ScheduleContext.of(from, zone);
        Schedule schedule = ScheduleParser.parse(
                        expression, own.map(context::withJobZone).orElse(context))
                .schedule();
        return instants(Schedules.compile(schedule), from, count);
    }

    private static List<String> instants(CompiledSchedule schedule, Instant from, int count) {
        List<String> instants = new ArrayList<>();
        Optional<Instant> next = schedule.next(from, from);
        while (instants.size() < count && next.isPresent()) {
            Instant instant = next.get();
            instants.add(instant.toString());
            next = schedule.next(instant, instant);
        }
        return instants;
    }

    private static int count(Map<String, Object> request) {
        Object given = request.getOrDefault("n", USUAL);
        if (given instanceof Integer count && count >= 1 && count <= MOST) {
            return count;
        }
        throw new InvalidInputException(
                "n", String.valueOf(given), "not a whole number from 1 to " + MOST, "write for example \"n\": 3");
    }

    private static Optional<String> text(Map<String, Object> request, String key) {
        Object given = request.get(key);
        if (given == null || given instanceof String) {
            return Optional.ofNullable((String) given);
        }
        throw new InvalidInputException(key, String.valueOf(given), "not a text", "write it in double quotes");
    }

    private static void refuseUnknownKeys(Map<String, Object> request) {
        for (String key : request.keySet()) {
            if (!KEYS.contains(key)) {
                String near = Nearest.to(key, KEYS)
                        .map(known -> "; did you mean \"" + known + "\"?")
                        .orElse("");
                throw new InvalidInputException("line", key, "unknown key" + near, "use the keys expr, tz, from and n");
            }
        }
    }
}
