/** Requests and answers over HTTP, bounded in time and size, with errors that a channel's host understands. */
@NullMarked
package dev.kairos.channels.http;

import org.jspecify.annotations.NullMarked;
