/** The platforms, one file each. */
@NullMarked
package dev.kairos.channels.platform;

import org.jspecify.annotations.NullMarked;
