/** What a person sees and types: streams, widths, tables, times, JSON. Knows no job. */
@NullMarked
package dev.kairos.app.terminal;

import org.jspecify.annotations.NullMarked;
