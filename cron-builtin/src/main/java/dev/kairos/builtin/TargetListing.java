package dev.kairos.builtin;

import java.util.Optional;

/**
 * A platform as a person asks for it: what is configured, and never a secret.
 *
 * <p>Status: experimental since 0.1.
 *
 * @param platform its name
 * @param home the address of its home target
 * @param trouble what it lacks, or what is wrong with its home target; empty if messages can be sent there
 * @param forms what its addresses look like, with right examples; empty if it has none or is not configured
 */
public record TargetListing(String platform, Optional<String> home, Optional<String> trouble, String forms) {}
