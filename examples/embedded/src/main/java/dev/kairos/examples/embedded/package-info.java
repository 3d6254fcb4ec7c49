/** Kairos inside an application: build a runtime, define jobs, start it, close it. */
@NullMarked
package dev.kairos.examples.embedded;

import org.jspecify.annotations.NullMarked;
