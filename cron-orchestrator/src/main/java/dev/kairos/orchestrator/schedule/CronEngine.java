package dev.kairos.orchestrator.schedule;

import java.time.ZoneId;

/**
 * The next instant of an expression in a zone. Pure: the result depends on the arguments alone. Safe for any thread.
 *
 * <p>A zone's time is a chain of segments with one offset each. The next matching local minute is looked for on the
 * calendar, then carried through the segments until it falls inside one. Clock times that must not be lost
 * ({@link CronFields#fixedTime()}) fire at the end of a gap and only on the first pass of an overlap; the others
 * follow real time.
 */
final class CronEngine {
    /** No next instant. */
    static final long NONE = Long.MAX_VALUE;

    /** A gap longer than this is a change of calendar (Samoa 2011), not of clocks: what it skipped is not caught up. */
    private static final int LONGEST_GAP_SECONDS = 3 * 3_600;

    /** Year 9999 is where timestamps end that other tools can read. */
    private static final long LAST_SECOND = 253_402_300_799L;

    private static final long FIRST_SECOND = -LAST_SECOND;

    private final CronFields fields;
    private final ZoneId zone;
    private volatile ZoneSpan lastSpan;

    CronEngine(CronFields fields, ZoneId zone) {
        this.fields = fields;
        this.zone = zone;
        this.lastSpan = ZoneSpan.NOTHING;
    }

    CronFields fields() {
        return fields;
    }

    /**
     * The first instant strictly after the given one.
     *
     * @param after seconds since 1970-01-01T00:00Z
     * @return seconds since 1970-01-01T00:00Z, or {@link #NONE}
     */
    long nextEpochSecond(long after) {
        if (after >= LAST_SECOND) {
            return NONE;
        }
        long base = Math.max(after, FIRST_SECOND);
        ZoneSpan span = lastSpan;
        if (!span.covers(base)) {
            span = widen(base, ZoneSpan.USUAL_YEARS);
        }
        long next = fields.fixedTime() ? nextFixed(span, base) : nextReal(span, base);
        if (next >= span.until() && !span.isEndless()) {
            span = widen(base, ZoneSpan.LONGEST_YEARS);
            next = fields.fixedTime() ? nextFixed(span, base) : nextReal(span, base);
        }
        return next > LAST_SECOND ? NONE : next;
    }

    private ZoneSpan widen(long base, int years) {
        ZoneSpan wider = ZoneSpan.around(zone, base, years);
        lastSpan = wider;
        return wider;
    }

    /** Every local time is owed once: a gap pays at its end, an overlap on its first pass. */
    private long nextFixed(ZoneSpan span, long after) {
        int segment = span.segmentOf(after);
        int offset = span.offset(segment);
        long base = after + offset;
        if (segment > 0) {
            // Still inside the second pass of an overlap: its local times fired on the first.
            base = Math.max(base, span.start(segment) + span.offset(segment - 1) - 1);
        }
        long local = nextLocal(base);
        while (local != NONE) {
            long end = span.end(segment);
            if (local - offset < end) {
                return local - offset;
            }
            int nextOffset = span.offset(++segment);
            if (local < end + nextOffset) {
                if (nextOffset - offset <= LONGEST_GAP_SECONDS) {
                    return end;
                }
                local = nextLocal(end + nextOffset - 1);
            }
            offset = nextOffset;
        }
        return NONE;
    }

    /** What the wall clock really shows: nothing inside a gap, both passes of an overlap. */
    private long nextReal(ZoneSpan span, long after) {
        int segment = span.segmentOf(after);
        int offset = span.offset(segment);
        long base = after + offset;
        long local = nextLocal(base);
        while (local != NONE) {
            long end = span.end(segment);
            if (local - offset < end) {
                return local - offset;
            }
            int nextOffset = span.offset(++segment);
            long before = end + nextOffset - 1;
            if (before < base || local <= before) {
                base = before;
                local = nextLocal(before);
            }
            offset = nextOffset;
        }
        return NONE;
    }

    /** The first matching local second strictly after the given one. */
    private long nextLocal(long base) {
        long minute = fields.nextMinute(Math.floorDiv(base, 60L) + 1);
        return minute == CronFields.NONE ? NONE : minute * 60;
    }
}
