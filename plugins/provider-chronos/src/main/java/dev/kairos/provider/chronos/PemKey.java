package dev.kairos.provider.chronos;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** The one key that stands in the settings. */
record PemKey(FireKey key) implements FireKeys {
    private static final String BEGIN = "-----BEGIN PUBLIC KEY-----";
    private static final String END = "-----END PUBLIC KEY-----";

    /** The key in the text; its line ends may be written as {@code \n}, as in a variable. Empty if there is none. */
    static Optional<PemKey> read(String text) {
        String pem = text.replace("\\n", "\n").strip();
        if (!pem.startsWith(BEGIN) || !pem.endsWith(END)) {
            return Optional.empty();
        }
        try {
            String base64 = pem.substring(BEGIN.length(), pem.length() - END.length());
            byte[] bytes = Base64.getDecoder().decode(base64.replaceAll("\\s", ""));
            return key("RSA", bytes)
                    .or(() -> key("EC", bytes))
                    .filter(FireKey::isUsable)
                    .map(key -> new PemKey(new FireKey(Optional.empty(), Optional.empty(), key)));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }

    private static Optional<PublicKey> key(String kind, byte[] bytes) {
        try {
            return Optional.of(KeyFactory.getInstance(kind).generatePublic(new X509EncodedKeySpec(bytes)));
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    @Override
    public List<FireKey> known() {
        return List.of(key);
    }

    @Override
    public List<FireKey> renewed() {
        return List.of(key);
    }
}
