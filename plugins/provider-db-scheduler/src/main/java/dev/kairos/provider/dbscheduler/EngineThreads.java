package dev.kairos.provider.dbscheduler;

import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** db-scheduler wants executors and not single bodies, so its threads are its own; they keep no process from ending. */
final class EngineThreads implements ThreadFactory {
    private final String name;
    private final AtomicInteger made = new AtomicInteger();

    EngineThreads(String name) {
        this.name = name;
    }

    @Override
    public Thread newThread(Runnable body) {
        Thread thread = Executors.defaultThreadFactory().newThread(body);
        thread.setName("cron-db-scheduler-" + name + "-" + made.incrementAndGet());
        thread.setDaemon(true);
        thread.setContextClassLoader(EngineThreads.class.getClassLoader());
        return thread;
    }
}
