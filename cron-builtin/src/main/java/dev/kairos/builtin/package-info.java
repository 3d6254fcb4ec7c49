/** The built-in ticker, provider resolution and the assembled host. */
@NullMarked
package dev.kairos.builtin;

import org.jspecify.annotations.NullMarked;
