package dev.kairos.provider.chronos;

import java.util.List;

/** Where the portal's public keys come from. */
interface FireKeys {
    /** The keys as they are known; reads them where none are. */
    List<FireKey> known() throws InterruptedException;

    /** The keys after another look where one may be taken: no known one fits a token. */
    List<FireKey> renewed() throws InterruptedException;
}
