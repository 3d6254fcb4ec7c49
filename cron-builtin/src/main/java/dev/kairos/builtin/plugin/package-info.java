/** Plug-ins: found on the class path and as dropped JARs, isolated, asked through a guard, retired. */
@NullMarked
package dev.kairos.builtin.plugin;

import org.jspecify.annotations.NullMarked;
