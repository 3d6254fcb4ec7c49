package dev.kairos.provider.quartz;

import dev.kairos.builtin.system.SystemEnvironment;
import dev.kairos.testkit.DelegatingEnvironment;
import java.time.Duration;
import java.time.Instant;

/** The machine, but for a wall clock that shows another time and can be set. */
class SetClock extends DelegatingEnvironment {
    private volatile Duration ahead;

    SetClock(Duration ahead) {
        super(new SystemEnvironment());
        this.ahead = ahead;
    }

    void set(Instant now) {
        ahead = Duration.between(super.now(), now);
    }

    @Override
    public Instant now() {
        return super.now().plus(ahead);
    }
}
