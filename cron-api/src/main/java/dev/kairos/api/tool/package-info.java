/** Tools that a host offers to models of the embedding application. */
@NullMarked
package dev.kairos.api.tool;

import org.jspecify.annotations.NullMarked;
