package dev.kairos.channels.text;

/** How many segments a text message takes (3GPP TS 23.038, section 6.2.1: the default alphabet and its extension). */
final class Segments {
    private static final String BASIC = "@\u00a3$\u00a5\u00e8\u00e9\u00f9\u00ec\u00f2\u00c7\n\u00d8\u00f8\r\u00c5\u00e5"
            + "\u0394_\u03a6\u0393\u039b\u03a9\u03a0\u03a8\u03a3\u0398\u039e\u00c6\u00e6\u00df\u00c9 !\"#\u00a4%&'()*+,-./"
            + "0123456789:;<=>?\u00a1ABCDEFGHIJKLMNOPQRSTUVWXYZ\u00c4\u00d6\u00d1\u00dc\u00a7"
            + "\u00bfabcdefghijklmnopqrstuvwxyz\u00e4\u00f6\u00f1\u00fc\u00e0";
    private static final String EXTENDED = "\f^{}\\[~]|\u20ac";
    private static final int ONE_OF_SEPTETS = 160;
    private static final int EACH_OF_SEPTETS = 153;
    private static final int ONE_OF_UNITS = 70;
    private static final int EACH_OF_UNITS = 67;

    private Segments() {}

    static int of(String text) {
        int septets = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (BASIC.indexOf(c) >= 0) {
                septets++;
            } else if (EXTENDED.indexOf(c) >= 0) {
                septets += 2;
            } else {
                return parts(text.length(), ONE_OF_UNITS, EACH_OF_UNITS);
            }
        }
        return parts(septets, ONE_OF_SEPTETS, EACH_OF_SEPTETS);
    }

    private static int parts(int length, int one, int each) {
        return length <= one ? Math.min(1, length) : (length + each - 1) / each;
    }
}
