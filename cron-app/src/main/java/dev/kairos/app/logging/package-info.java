/** Where the log goes: the home's logs folder, and standard error when asked. Set up in code, without XML. */
@NullMarked
package dev.kairos.app.logging;

import org.jspecify.annotations.NullMarked;
