package dev.kairos.orchestrator.schedule;

import java.util.List;
import java.util.SplittableRandom;

/** Random expressions of every class that is accepted, with a liking for the hours in which clocks change. */
final class RandomExpressions {
    private static final List<String> WEEKDAYS = List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT");
    private static final List<String> MONTHS =
            List.of("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC");

    private final SplittableRandom random;

    RandomExpressions(SplittableRandom random) {
        this.random = random;
    }

    String next() {
        return minute() + " " + hour() + " " + day() + " " + month() + " " + weekday();
    }

    private String minute() {
        return field(0, 59, 4);
    }

    private String hour() {
        return random.nextInt(3) == 0 ? field(0, 5, 3) : field(0, 23, 4);
    }

    private String month() {
        switch (random.nextInt(6)) {
            case 0:
                return field(1, 12, 3);
            case 1:
                return MONTHS.get(random.nextInt(12));
            case 2:
                return "mar-NOV";
            default:
                return "*";
        }
    }

    private String day() {
        switch (random.nextInt(12)) {
            case 0:
                return "L";
            case 1:
                return "L-" + random.nextInt(28);
            case 2:
                return (1 + random.nextInt(31)) + "W";
            case 3:
                return "LW," + (1 + random.nextInt(28)) + ",L";
            case 4:
                return "?";
            case 5:
            case 6:
            case 7:
                return field(1, 31, 4);
            default:
                return "*";
        }
    }

    private String weekday() {
        String day = random.nextBoolean() ? WEEKDAYS.get(random.nextInt(7)) : "" + random.nextInt(8);
        switch (random.nextInt(12)) {
            case 0:
                return day + "L";
            case 1:
                return day + "#" + (1 + random.nextInt(5));
            case 2:
                return "MON-FRI";
            case 3:
                return "FRI-SUN";
            case 4:
                return day + "," + WEEKDAYS.get(random.nextInt(7));
            case 5:
                return field(0, 7, 3);
            default:
                return "*";
        }
    }

    private String field(int min, int max, int items) {
        if (random.nextInt(5) == 0) {
            return random.nextBoolean() ? "*" : "*/" + (1 + random.nextInt(max + 3));
        }
        var text = new StringBuilder(item(min, max));
        for (int i = random.nextInt(items); i > 0; i--) {
            text.append(',').append(item(min, max));
        }
        return text.toString();
    }

    private String item(int min, int max) {
        int low = min + random.nextInt(max - min + 1);
        int high = low + random.nextInt(max - low + 1);
        switch (random.nextInt(6)) {
            case 0:
                return low + "-" + high;
            case 1:
                return low + "-" + high + "/" + (1 + random.nextInt(7));
            case 2:
                return low + "/" + (1 + random.nextInt(20));
            default:
                return "" + low;
        }
    }
}
