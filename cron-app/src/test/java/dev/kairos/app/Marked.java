package dev.kairos.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The living processes of one execution, whatever else they shook off: the kernel tells what they inherited. */
final class Marked {
    private Marked() {}

    static List<Long> by(String execution) {
        return ProcessHandle.allProcesses()
                .map(ProcessHandle::pid)
                .filter(pid -> inherited(pid).contains("KAIROS_EXECUTION_ID=" + execution))
                .toList();
    }

    /** Empty for one that has ended, even if nobody reaped it yet. */
    private static String inherited(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/environ"), StandardCharsets.ISO_8859_1);
        } catch (IOException gone) {
            return "";
        }
    }
}
