/** Contract tests, virtual time and fault injection for whoever implements an SPI. */
@NullMarked
package dev.kairos.testkit;

import org.jspecify.annotations.NullMarked;
