/** Markdown turned into what a platform reads, and cut where it may be cut. Status of the public types: experimental. */
@NullMarked
package dev.kairos.channels.text;

import org.jspecify.annotations.NullMarked;
