/** The shell script that starts the command, with a Java and a Maven that only say how they were called. */
@NullMarked
package dev.kairos.app.launcher;

import org.jspecify.annotations.NullMarked;
