package dev.kairos.channels.http;

/**
 * Where the requests of a platform may go.
 *
 * <p>Status: experimental since 0.1.
 */
public enum Reach {
    /** To the vendor's servers, or to those that the configuration names in their place. */
    VENDOR,
    /** To an address that a job or somebody else named: if it is public, and then to exactly the one that was looked at. */
    PUBLIC,
    /** The same, private addresses included, because the configuration allows them. */
    ANYWHERE
}
