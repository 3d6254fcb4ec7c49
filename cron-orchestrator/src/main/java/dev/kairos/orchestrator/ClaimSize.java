package dev.kairos.orchestrator;

/**
 * How many jobs each claim of one pass is offered. Each offered job is locked and read: they are as many as may start, and
 * more while that leaves slots free, because some of what is due is skipped, held back or left to other nodes.
 */
final class ClaimSize {
    private static final int LEAST = 50;
    private static final int MOST = 500;

    /** Behind jobs that are left to other nodes: they stand before the rest in every claim. */
    private static final int FURTHEST = 2_000;

    private final int first;
    private int least;
    private int most = MOST;

    /** @param isOfFew whether what is offered may start, for the most part */
    ClaimSize(boolean isOfFew) {
        this.first = isOfFew ? LEAST : MOST;
        this.least = first;
    }

    /** The size of the next claim, where so many would fill the slots. */
    int of(int wanted) {
        return Math.min(Math.max(wanted, least), most);
    }

    /** Whether no later claim may be larger. */
    boolean isLargest(int size) {
        return size >= most;
    }

    void leavesJobsToOthers() {
        most = FURTHEST;
    }

    /** A claim of this size left slots free although more may be due. */
    void leftSlotsFree(int size) {
        least = size * 2;
    }

    void filledTheSlots() {
        least = first;
    }
}
