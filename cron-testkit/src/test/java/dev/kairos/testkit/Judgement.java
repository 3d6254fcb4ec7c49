package dev.kairos.testkit;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** What one test of a contract said. */
enum Judgement {
    PASSED,
    FAILED,
    SKIPPED;

    /**
     * Runs one test of the class.
     *
     * @throws AssertionError if there is no such test
     */
    static Judgement of(Class<?> contract, String test) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectMethod(contract, test))
                .build();
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create().execute(request, listener);
        TestExecutionSummary summary = listener.getSummary();
        if (summary.getTestsFoundCount() != 1) {
            throw new AssertionError(contract.getSimpleName() + " has no test " + test);
        }
        return summary.getTestsFailedCount() == 1 ? FAILED : summary.getTestsSucceededCount() == 1 ? PASSED : SKIPPED;
    }
}
