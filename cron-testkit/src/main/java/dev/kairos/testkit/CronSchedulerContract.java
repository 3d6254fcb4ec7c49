package dev.kairos.testkit;

/**
 * What every provider must keep, whatever pulls its trigger. A provider's test extends it and makes the provider:
 *
 * <pre>{@code
 * class MyProviderTest extends CronSchedulerContract {
 *     @Override
 *     protected CronScheduler create() {
 *         return new MyProvider();
 *     }
 * }
 * }</pre>
 *
 * <p>The host here is a {@link RecordingCronContext}: real time, no store, calls that can be made to throw, to be refused
 * and to hang. What else there is to say about a provider has a method with a default: its {@link #settings}, how late it
 * may be ({@link #slack}, {@link #grain}), whether it {@linkplain #wakesForItself wakes for itself}, and a view of the
 * {@linkplain #outside registry} in which it arms. The parts, each a class of this package: what it says of itself, arming and
 * stopping, firing, triggers from outside, convergence.
 *
 * <p>Status: experimental since 0.1.
 */
public abstract class CronSchedulerContract extends ReconcileContract {
    /** For subclasses. */
    protected CronSchedulerContract() {}
}
