/** The daemon's HTTP server: who is let in, within which bounds, and what is answered. No command but {@code serve} loads it. */
@NullMarked
package dev.kairos.app.server;

import org.jspecify.annotations.NullMarked;
