package dev.kairos.channels.platform;

import dev.kairos.api.delivery.Attachment;
import java.util.Optional;

/** How large a picture is, read from its first bytes: PNG (ISO/IEC 15948, IHDR) and JPEG (ITU-T T.81, frame header). */
record PictureSize(int width, int height) {
    private static final int[] PNG = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

    /** Empty if it is neither, or damaged. */
    static Optional<PictureSize> of(Attachment file) {
        byte[] bytes = file.bytes();
        if (begins(bytes, PNG) && bytes.length >= 24) {
            return Optional.of(new PictureSize(number(bytes, 16, 4), number(bytes, 20, 4)));
        }
        return begins(bytes, new int[] {0xff, 0xd8, 0xff}) ? ofJpeg(bytes) : Optional.empty();
    }

    /** From segment to segment up to the frame's header, which is one of SOF0 to SOF15. */
    private static Optional<PictureSize> ofJpeg(byte[] bytes) {
        int at = 2;
        while (at + 9 <= bytes.length && (bytes[at] & 0xff) == 0xff) {
            int marker = bytes[at + 1] & 0xff;
            boolean isTable = marker == 0xc4 || marker == 0xc8 || marker == 0xcc;
            if (marker >= 0xc0 && marker <= 0xcf && !isTable) {
                return Optional.of(new PictureSize(number(bytes, at + 7, 2), number(bytes, at + 5, 2)));
            }
            at += 2 + Math.max(2, number(bytes, at + 2, 2));
        }
        return Optional.empty();
    }

    private static boolean begins(byte[] bytes, int[] with) {
        boolean isSo = bytes.length >= with.length;
        for (int i = 0; isSo && i < with.length; i++) {
            isSo = (bytes[i] & 0xff) == with[i];
        }
        return isSo;
    }

    private static int number(byte[] bytes, int at, int length) {
        int number = 0;
        for (int i = at; i < at + length && i < bytes.length; i++) {
            number = number << 8 | bytes[i] & 0xff;
        }
        return number;
    }
}
