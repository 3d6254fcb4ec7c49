package dev.kairos.channels;

import dev.kairos.api.InvalidInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What may stand after a platform's name in a target: one or more forms, each with a right example. Immutable.
 *
 * <p>Status: experimental since 0.1.
 */
public final class AddressForm {
    private static final int LONGEST = 2_000;

    private final String platform;
    private final List<Form> forms;

    /** One form. */
    private record Form(String what, String example, Pattern pattern) {}

    private AddressForm(String platform, List<Form> forms) {
        this.platform = platform;
        this.forms = List.copyOf(forms);
    }

    /** No form yet. */
    public static AddressForm of(String platform) {
        return new AddressForm(platform, List.of());
    }

    /**
     * The same with one form more.
     *
     * @param what its name: "a chat id"
     * @param example a right one
     * @param pattern matches the whole address
     */
    public AddressForm or(String what, String example, String pattern) {
        Form form = new Form(what, example, Pattern.compile(pattern));
        if (!form.pattern().matcher(example).matches()) {
            throw new IllegalArgumentException("the example " + example + " is none");
        }
        List<Form> more = new ArrayList<>(forms);
        more.add(form);
        return new AddressForm(platform, more);
    }

    /**
     * Checks an address.
     *
     * @throws InvalidInputException if it has none of the forms; it shows a right example of each
     */
    public void check(String address) {
        if (address.isEmpty()) {
            throw new InvalidInputException(
                    "deliver",
                    platform,
                    platform + " has no home target here",
                    "set delivery." + platform + ".home, or write " + words());
        }
        boolean isOne = address.length() <= LONGEST
                && forms.stream()
                        .anyMatch(form -> form.pattern().matcher(address).matches());
        if (!isOne) {
            String shown = address.length() > 80 ? address.substring(0, 80) + "..." : address;
            throw new InvalidInputException(
                    "deliver",
                    platform + ":" + (shown.contains("://") ? "..." : shown),
                    "this is no address of " + platform,
                    "write " + words());
        }
    }

    /** The forms in words, each with its example. */
    public String words() {
        return String.join(
                ", or ",
                forms.stream()
                        .map(form -> platform + ":" + form.example() + " (" + form.what() + ")")
                        .toList());
    }
}
