package dev.kairos.provider.chronos;

import java.io.IOException;

/** No answer, or none that can be used. Its text is a clause that names neither address nor token. */
final class WebTrouble extends IOException {
    private static final long serialVersionUID = 1L;

    WebTrouble(String what) {
        super(what);
    }
}
