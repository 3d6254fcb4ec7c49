package dev.kairos.provider.dbscheduler;

/** db-scheduler or its database failed; everything db-scheduler throws is unchecked, and so is what a host throws. */
final class EngineTrouble extends Exception {
    private static final long serialVersionUID = 1L;

    EngineTrouble(Throwable cause) {
        super(PlainTrouble.of(cause), cause);
    }
}
