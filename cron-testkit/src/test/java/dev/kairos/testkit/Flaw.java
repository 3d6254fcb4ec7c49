package dev.kairos.testkit;

/** What can be wrong with a provider, and the test of the contract that must find it. */
enum Flaw {
    CHANGES_ITS_NAME("itsNameIsLegalAndNeedsNoHost"),
    BEGINS_WHEN_CONSTRUCTED("constructingItHasNoEffect"),
    CHANGES_ITS_TRAITS("itsTraitsAreTheSameForAWholeLife"),
    THROWS_FOR_AN_UNKNOWN_CAPABILITY("itOffersNothingForWhatItDoesNotKnow"),
    NEVER_ARMS("itArmsWithinItsBound"),
    BLOCKS_AND_DENIES_IT("theStopSignalAloneEndsABlockingStart"),
    LEAVES_ITS_THREAD("stopIsIdempotentAndLeavesNoThread"),
    IGNORES_THE_STOP_SIGNAL("startsAndStopsInQuickSuccessionLeaveNothingBehind"),
    FORGETS_TO_RESTART("itStartsAgainAfterAStop"),
    WAITS_FOR_THE_HOST_TO_STOP("stopReturnsInTimeWhileTheHostsOwnCallsHang"),
    SHARES_ITS_STATE("twoOfItShareNothing"),
    FIRES_TOO_EARLY("aTriggerComesAtItsInstantAndNotBefore"),
    FIRES_TWICE("whatWasClaimedIsNotAskedForAgain"),
    IS_DEAF_TO_CHANGES("aJobThatMovesToASoonerInstantComesThen"),
    KNOWS_NO_WAKE("whatElseWaitsIsWokenForLikeAnyJob"),
    SPENDS_TRIGGERS("aTriggerIsNeverSpentOnNothing"),
    DIES_OF_A_HOST_THAT_THROWS("aHostThatThrowsDoesNotEndIt"),
    FIRES_IN_ON_JOBS_CHANGED("aChangeIsTakenWithoutWaitingForTheHostsOwnCalls"),
    CLAIMS_TO_HAVE_FIRED("aTriggerFromOutsideIsTrueOnceAndOnlyForWhatIsDue"),
    NEEDS_A_START_TO_RECONCILE("reconcileMayBeAskedAtAnyTimeAndTwice"),
    NONE("");

    private final String foundBy;

    Flaw(String foundBy) {
        this.foundBy = foundBy;
    }

    String foundBy() {
        return foundBy;
    }

    boolean isSignalIgnoredToo() {
        return this == IGNORES_THE_STOP_SIGNAL || this == LEAVES_ITS_THREAD;
    }
}
