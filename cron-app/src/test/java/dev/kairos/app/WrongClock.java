package dev.kairos.app;

import dev.kairos.builtin.system.SystemEnvironment;
import dev.kairos.testkit.DelegatingEnvironment;
import java.time.Duration;
import java.time.Instant;

/** This machine, with a wall clock that is wrong until somebody sets it. */
final class WrongClock extends DelegatingEnvironment {
    private volatile Duration off;

    private WrongClock(Duration off) {
        super(new SystemEnvironment());
        this.off = off;
    }

    /** Negative where it is behind. */
    static WrongClock by(Duration off) {
        return new WrongClock(off);
    }

    /** Sets it right. */
    void setRight() {
        off = Duration.ZERO;
    }

    @Override
    public Instant now() {
        return super.now().plus(off);
    }
}
