package dev.kairos.orchestrator.delivery;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.delivery.DeliveryChannel;
import dev.kairos.api.delivery.Envelope;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.ledger.ExecutionStatus;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The grammar of {@code deliver}: {@code local}, {@code origin}, {@code all}, {@code platform}, {@code
 * platform:chat[:thread]}. Immutable. Status: internal.
 */
public final class Targets {
    /** The output file alone. */
    public static final String LOCAL = "local";

    /** The chat that created the job. */
    public static final String ORIGIN = "origin";

    /** Every platform with a home target. */
    public static final String ALL = "all";

    private static final Set<String> WORDS = Set.of(LOCAL, ORIGIN, ALL);

    private final Map<String, DeliveryChannel> channels;
    private final Map<String, String> homes;
    private final Map<String, InvalidInputException> unready;

    /**
     * Targets over what is configured.
     *
     * @param channels the channels, one per platform
     * @param homes the address of each platform's home target, in the order of the configuration
     */
    public Targets(Collection<? extends DeliveryChannel> channels, Map<String, String> homes) {
        this(channels, homes, Map.of());
    }

    /**
     * The same, with the platforms that could be had and are not configured.
     *
     * @param unready what each of these lacks
     */
    public Targets(
            Collection<? extends DeliveryChannel> channels,
            Map<String, String> homes,
            Map<String, InvalidInputException> unready) {
        Map<String, DeliveryChannel> byPlatform = new LinkedHashMap<>();
        channels.forEach(channel -> byPlatform.put(channel.platform(), channel));
        this.channels = Collections.unmodifiableMap(byPlatform);
        this.homes = Collections.unmodifiableMap(new LinkedHashMap<>(homes));
        this.unready = Map.copyOf(unready);
    }

    /** The platforms with a home target, each with its address, in the order of the configuration. */
    public Map<String, String> homes() {
        return homes;
    }

    /** The platforms that are not configured, each with what it lacks. */
    public Map<String, InvalidInputException> unready() {
        return unready;
    }

    /**
     * What a person's word for a target stands for now: {@code all} each home target, {@code origin} the first.
     *
     * @throws InvalidInputException if nothing can be sent there
     */
    public List<String> resolve(String target) {
        check("target", target);
        return new ArrayList<>(
                new LinkedHashSet<>(resolve(target, JobDefinition.builder().build())));
    }

    /** Whether it is no platform's name but one of the words that stand for targets. */
    public static boolean isWord(String platform) {
        return WORDS.contains(platform);
    }

    /** The address of a resolved target: what stands after the first colon; empty if there is none. */
    public static String addressOf(String target) {
        int colon = target.indexOf(':');
        return colon < 0 ? "" : target.substring(colon + 1).strip();
    }

    /**
     * The same, and the home target's of this node where there is none: the node that ran the job may not know the platform.
     */
    public String addressHere(String target) {
        String address = addressOf(target);
        return address.isEmpty() ? homes.getOrDefault(Envelope.platformOf(target), "") : address;
    }

    /** The channel of a platform. */
    public Optional<DeliveryChannel> channel(String platform) {
        return Optional.ofNullable(channels.get(platform));
    }

    /** The platforms that can be named, sorted. */
    public Set<String> platforms() {
        return new TreeSet<>(channels.keySet());
    }

    /**
     * Where the message of a run goes: results to {@code deliver}, failures to {@code failure_deliver} if it is set.
     *
     * @param status how the run ended
     * @return resolved targets without duplicates, in order; none for a run that says nothing (cancelled, skipped)
     */
    public List<String> resolve(JobDefinition definition, ExecutionStatus status) {
        if (status.isOpen() || status == ExecutionStatus.CANCELLED || status == ExecutionStatus.SKIPPED) {
            return List.of();
        }
        Set<String> resolved = new LinkedHashSet<>();
        for (String target : declared(definition, status)) {
            resolved.addAll(resolve(target, definition));
        }
        return List.copyOf(resolved);
    }

    private static List<String> declared(JobDefinition definition, ExecutionStatus status) {
        List<String> deliver = definition
                .get(JobField.DELIVER)
                .filter(targets -> !targets.isEmpty())
                .orElseGet(() -> List.of(originOf(definition).isPresent() ? ORIGIN : LOCAL));
        return status == ExecutionStatus.OK
                ? deliver
                : definition
                        .get(JobField.FAILURE_DELIVER)
                        .filter(targets -> !targets.isEmpty())
                        .orElse(deliver);
    }

    private List<String> resolve(String target, JobDefinition definition) {
        String platform = Envelope.platformOf(target);
        String address = addressOf(target);
        return switch (platform) {
            case LOCAL -> List.of(LOCAL);
            case ORIGIN -> List.of(originOf(definition).or(this::firstHome).orElse(LOCAL));
            case ALL ->
                homes.isEmpty()
                        ? List.of(LOCAL)
                        : homes.keySet().stream().map(this::home).toList();
            default -> List.of(address.isEmpty() ? home(platform) : platform + ":" + address);
        };
    }

    private Optional<String> firstHome() {
        return homes.keySet().stream().findFirst().map(this::home);
    }

    private String home(String platform) {
        String address = homes.getOrDefault(platform, "");
        return address.isEmpty() ? platform : platform + ":" + address;
    }

    /** The chat that created the job, as a target: from {@code platform}, {@code chat_id} and {@code thread_id}. */
    private static Optional<String> originOf(JobDefinition definition) {
        Map<String, Object> origin = definition.get(JobField.ORIGIN, Map.of());
        String platform = text(origin, "platform", "platform").toLowerCase(Locale.ROOT);
        String chat = text(origin, "chat_id", "chat");
        String thread = text(origin, "thread_id", "thread");
        if (platform.isEmpty() || WORDS.contains(platform)) {
            return Optional.empty();
        }
        String address = chat.isEmpty() || thread.isEmpty() ? chat : chat + ":" + thread;
        return Optional.of(address.isEmpty() ? platform : platform + ":" + address);
    }

    private static String text(Map<String, Object> origin, String key, String otherwise) {
        @Nullable Object value = origin.containsKey(key) ? origin.get(key) : origin.get(otherwise);
        return value == null ? "" : value.toString().strip();
    }

    /**
     * Checks what a person wrote into {@code deliver} or {@code failure_deliver}.
     *
     * @param where the field's name
     * @throws InvalidInputException for the first target that could never be reached
     */
    public void check(String where, List<String> targets) {
        targets.forEach(target -> check(where, target));
    }

    private void check(String where, String target) {
        String platform = Envelope.platformOf(target);
        String address = addressOf(target);
        if (WORDS.contains(platform)) {
            if (target.indexOf(':') >= 0) {
                throw new InvalidInputException(
                        where, target, "\"" + platform + "\" takes no address", "write " + platform + " alone");
            }
            return;
        }
        DeliveryChannel channel = channels.get(platform);
        InvalidInputException lacking = unready.get(platform);
        if (channel == null && lacking != null) {
            throw new InvalidInputException(
                    where,
                    target,
                    platform + " is not configured here: " + lacking.where() + " (" + lacking.reason() + ")",
                    lacking.accepted());
        }
        if (channel == null) {
            throw new InvalidInputException(
                    where,
                    target,
                    platform.isEmpty() ? "a target is empty" : "there is no platform \"" + platform + "\" here",
                    accepted());
        }
        if (!address.isEmpty() || !homes.containsKey(platform)) {
            channel.checkAddress(address);
        }
    }

    private String accepted() {
        return channels.isEmpty()
                ? "write local, origin or all; no other platform is configured"
                : "write local, origin, all, or one of " + String.join(", ", platforms())
                        + ", with an address after a colon where it has no home target";
    }
}
