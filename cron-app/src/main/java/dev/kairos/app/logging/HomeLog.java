package dev.kairos.app.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.FileSize;
import dev.kairos.api.store.JobStoreFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;

/**
 * Opens the log file only when there is something to write: most commands have nothing to say. Opens anew when the log is
 * aimed elsewhere, or when the home it is to lie in has come into being. Thread-safe.
 */
final class HomeLog extends AppenderBase<ILoggingEvent> {
    private static final String PATTERN = "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX,UTC} %-5level [%thread] %logger %msg%n";
    private static final String LARGEST = "5MB";
    private static final int KEPT = 5;

    private List<OutputStreamAppender<ILoggingEvent>> targets = List.of();
    private LogTarget.@Nullable Settings openedFor;
    private boolean isFileMissing;

    /** Under the appender's own lock. */
    @Override
    protected void append(ILoggingEvent event) {
        LogTarget.Settings wanted = LogTarget.current();
        if (!wanted.equals(openedFor) || (isFileMissing && canWrite(wanted))) {
            targets.forEach(OutputStreamAppender::stop);
            targets = open(wanted);
            openedFor = wanted;
        }
        targets.forEach(target -> target.doAppend(event));
        if (isWait(event)) {
            LogTarget.waiter().accept(LogTarget.redacted(event.getFormattedMessage()));
        }
    }

    private static boolean isWait(ILoggingEvent event) {
        List<Marker> markers = event.getMarkerList();
        return markers != null
                && markers.stream().anyMatch(marker -> marker.getName().equals(JobStoreFactory.WAITING));
    }

    @Override
    public void stop() {
        super.stop();
        targets.forEach(OutputStreamAppender::stop);
    }

    private static boolean canWrite(LogTarget.Settings settings) {
        return settings.folder().filter(HomeLog::canHoldLogs).isPresent();
    }

    private List<OutputStreamAppender<ILoggingEvent>> open(LogTarget.Settings settings) {
        List<OutputStreamAppender<ILoggingEvent>> opened = new ArrayList<>();
        settings.folder().filter(HomeLog::canHoldLogs).ifPresent(folder -> opened.add(file(folder)));
        isFileMissing = settings.folder().isPresent() && opened.isEmpty();
        if (settings.alsoStandardError()) {
            ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
            console.setTarget("System.err");
            opened.add(begin(console));
        }
        return opened;
    }

    /** The home is made by what keeps jobs in it, not by its log. */
    private static boolean canHoldLogs(Path folder) {
        Path home = folder.getParent();
        if (home == null || !Files.isWritable(home)) {
            return false;
        }
        try {
            if (!Files.isDirectory(folder)) {
                Files.createDirectory(
                        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            Path file = folder.resolve("kairos.log");
            if (!Files.exists(file)) {
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
            return true;
        } catch (IOException | UnsupportedOperationException e) {
            return Files.isDirectory(folder);
        }
    }

    private OutputStreamAppender<ILoggingEvent> file(Path folder) {
        RollingFileAppender<ILoggingEvent> file = new RollingFileAppender<>();
        file.setFile(folder.resolve("kairos.log").toString());
        FixedWindowRollingPolicy window = new FixedWindowRollingPolicy();
        window.setContext(getContext());
        window.setParent(file);
        window.setMinIndex(1);
        window.setMaxIndex(KEPT);
        window.setFileNamePattern(folder.resolve("kairos.%i.log").toString());
        window.start();
        SizeBasedTriggeringPolicy<ILoggingEvent> size = new SizeBasedTriggeringPolicy<>();
        size.setContext(getContext());
        size.setMaxFileSize(FileSize.valueOf(LARGEST));
        size.start();
        file.setRollingPolicy(window);
        file.setTriggeringPolicy(size);
        return begin(file);
    }

    private OutputStreamAppender<ILoggingEvent> begin(OutputStreamAppender<ILoggingEvent> appender) {
        RedactingEncoder encoder = new RedactingEncoder();
        encoder.setContext(getContext());
        encoder.setPattern(PATTERN);
        encoder.start();
        appender.setContext(getContext());
        appender.setEncoder(encoder);
        appender.start();
        return appender;
    }
}
