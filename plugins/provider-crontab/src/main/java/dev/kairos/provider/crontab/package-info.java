/** The provider that needs no daemon: it keeps a block of the user's crontab, or user timers of systemd. */
@NullMarked
package dev.kairos.provider.crontab;

import org.jspecify.annotations.NullMarked;
