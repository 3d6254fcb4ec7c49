/** The one door through which time, chance, threads, processes and files enter. */
@NullMarked
package dev.kairos.api.env;

import org.jspecify.annotations.NullMarked;
