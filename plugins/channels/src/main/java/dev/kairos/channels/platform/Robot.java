package dev.kairos.channels.platform;

import dev.kairos.channels.AddressForm;
import dev.kairos.channels.Keys;
import dev.kairos.channels.Pace;
import dev.kairos.channels.Platform;
import dev.kairos.channels.http.Answer;
import dev.kairos.channels.text.MarkdownMarkup;
import dev.kairos.channels.text.Measure;
import dev.kairos.channels.text.TextForm;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * A platform whose address is a secret: a group's robot. Targets name robots that the configuration keeps, as {@code
 * delivery.<platform>.robots.<name>}.
 */
abstract class Robot extends Platform {
    private final String name;
    private final Keys robots;
    private final TextForm form;

    Robot(String name, Keys keys, int bytes) {
        this.name = name;
        this.robots = keys.at("robots");
        this.form = new TextForm(MarkdownMarkup.UNESCAPED, Measure.BYTES, bytes);
        if (!keys.has("robots")) {
            robot("main").need("token", "${" + name.toUpperCase(java.util.Locale.ROOT) + "_TOKEN}");
        }
    }

    final Keys robot(String address) {
        return robots.at(address);
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    protected final Set<String> settings() {
        return Set.of("url", "robots");
    }

    @Override
    public final AddressForm addresses() {
        return AddressForm.of(name)
                .or("a robot configured as delivery." + name + ".robots.main", "main", "[A-Za-z][A-Za-z0-9_-]{0,63}");
    }

    @Override
    public final TextForm form() {
        return form;
    }

    @Override
    protected Optional<String> said(Answer answer) {
        return answer.field("errmsg").or(() -> answer.field("msg"));
    }

    @Override
    protected final String mendUnauthorised() {
        return "check the robot's token and secret in delivery." + name + ".robots";
    }

    /** Twenty messages a minute and robot. */
    @Override
    protected Pace pace() {
        return new Pace(Duration.ZERO, Duration.ofSeconds(3));
    }
}
