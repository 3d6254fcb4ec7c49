package dev.kairos.orchestrator.schedule;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A stretch of a zone's history as two arrays: the seconds at which the offset changes, and the offset from each on.
 * Asking {@link ZoneRules} costs a search and several objects each time; this costs a few comparisons. Immutable.
 */
final class ZoneSpan {
    /** Enough for the next instant of nearly every expression. */
    static final int USUAL_YEARS = 10;
    /** More than the longest wait of any expression. */
    static final int LONGEST_YEARS = 64;

    /** Covers no instant. */
    static final ZoneSpan NOTHING = new ZoneSpan(Long.MAX_VALUE, Long.MIN_VALUE, new long[1], new int[1]);

    private static final long YEAR = 31_556_952L;

    /** The stretch used last in each region: one entry for each name of the zone database at most. */
    private static final Map<ZoneId, ZoneSpan> LAST_USED = new ConcurrentHashMap<>();

    private final long from;
    private final long until;
    /** {@code starts[k]} is when segment k begins; the first begins before anything asked for. */
    private final long[] starts;

    private final int[] offsets;

    private ZoneSpan(long from, long until, long[] starts, int[] offsets) {
        this.from = from;
        this.until = until;
        this.starts = starts;
        this.offsets = offsets;
    }

    /**
     * The stretch from two years before an instant (so that an overlap that began just before it is known) to some
     * years after it.
     */
    static ZoneSpan around(ZoneId zone, long epochSecond, int years) {
        ZoneSpan shared = LAST_USED.get(zone);
        if (shared != null && shared.covers(epochSecond) && shared.covers(epochSecond + (years - 1) * YEAR)) {
            return shared;
        }
        ZoneSpan read = read(zone, epochSecond, years);
        if (!(zone instanceof ZoneOffset)) {
            LAST_USED.put(zone, read);
        }
        return read;
    }

    private static ZoneSpan read(ZoneId zone, long epochSecond, int years) {
        ZoneRules rules = zone.getRules();
        if (rules.isFixedOffset()) {
            int offset = rules.getOffset(Instant.EPOCH).getTotalSeconds();
            return new ZoneSpan(Long.MIN_VALUE, Long.MAX_VALUE, new long[] {Long.MIN_VALUE}, new int[] {offset});
        }
        long begin = epochSecond - 2 * YEAR;
        long until = epochSecond + years * YEAR;
        long[] starts = new long[years * 4 + 16];
        int[] offsets = new int[starts.length];
        starts[0] = Long.MIN_VALUE;
        offsets[0] = rules.getOffset(Instant.ofEpochSecond(begin)).getTotalSeconds();
        int count = 1;
        var transition = rules.nextTransition(Instant.ofEpochSecond(begin));
        while (transition != null && transition.toEpochSecond() < until) {
            if (count == starts.length) {
                starts = Arrays.copyOf(starts, count * 2);
                offsets = Arrays.copyOf(offsets, count * 2);
            }
            starts[count] = transition.toEpochSecond();
            offsets[count++] = transition.getOffsetAfter().getTotalSeconds();
            transition = rules.nextTransition(transition.getInstant());
        }
        return new ZoneSpan(
                begin + YEAR,
                transition == null ? Long.MAX_VALUE : until,
                Arrays.copyOf(starts, count),
                Arrays.copyOf(offsets, count));
    }

    /** Whether an instant lies inside, with a year of margin before it. */
    boolean covers(long epochSecond) {
        return epochSecond >= from && epochSecond < until;
    }

    /** The last segment is known to go on for ever. */
    boolean isEndless() {
        return until == Long.MAX_VALUE;
    }

    long until() {
        return until;
    }

    int segments() {
        return starts.length;
    }

    /** The segment an instant lies in. */
    int segmentOf(long epochSecond) {
        int low = 0;
        int high = starts.length - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (starts[middle] <= epochSecond) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    int offset(int segment) {
        return offsets[segment];
    }

    /** When the segment begins. */
    long start(int segment) {
        return starts[segment];
    }

    /** When the segment ends, which is when the next one begins. */
    long end(int segment) {
        return segment + 1 < starts.length ? starts[segment + 1] : Long.MAX_VALUE;
    }
}
