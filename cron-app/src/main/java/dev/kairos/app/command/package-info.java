/** The commands of {@code kairos}, one class each, made only when they are asked for. */
@NullMarked
package dev.kairos.app.command;

import org.jspecify.annotations.NullMarked;
