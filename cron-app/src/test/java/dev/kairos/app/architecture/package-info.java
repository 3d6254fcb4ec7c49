/** What the whole code base promises about its shape. Tested here because here every module is on the class path. */
@NullMarked
package dev.kairos.app.architecture;

import org.jspecify.annotations.NullMarked;
