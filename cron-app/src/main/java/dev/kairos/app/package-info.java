/** The kairos command. */
@NullMarked
package dev.kairos.app;

import org.jspecify.annotations.NullMarked;
