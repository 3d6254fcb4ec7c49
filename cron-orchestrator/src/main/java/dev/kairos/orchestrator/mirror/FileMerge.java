package dev.kairos.orchestrator.mirror;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.env.Environment;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.store.JobStore;
import dev.kairos.orchestrator.jobs.JobChange;
import dev.kairos.orchestrator.jobs.JobNotFoundException;
import dev.kairos.orchestrator.jobs.JobOperations;
import dev.kairos.orchestrator.jobs.NewJob;
import dev.kairos.orchestrator.jobs.Revisions;
import dev.kairos.orchestrator.jobs.SetAside;
import dev.kairos.orchestrator.plan.Timetable;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Brings a hand-edited file into the store: what differs from the revision that the file names is the person's change,
 * and where the store changed the same thing meanwhile the stored value wins. Doing it twice, or in two processes at once,
 * is doing it once.
 */
final class FileMerge {
    private final JobStore store;
    private final Environment environment;
    private final JobOperations operations;
    private final Revisions revisions;
    private final ZoneId zone;
    private final Findings findings = new Findings();
    private final Map<FileRecord, NewJob> newJobs = new LinkedHashMap<>();

    FileMerge(JobStore store, Environment environment, JobOperations operations, ZoneId zone) {
        this.store = store;
        this.environment = environment;
        this.operations = operations;
        this.revisions = new Revisions(operations, store);
        this.zone = zone;
    }

    /**
     * Merges against the definitions of the revision that the file names.
     *
     * @param base those definitions. It follows the store: what was brought there without a conflict stands in it as the
     *     file says it, so that after a failure it is what the same file, or its next save, is to be compared with
     */
    Findings against(Map<String, JobDefinition> base, JobsFile file) {
        findings.messages.addAll(file.warnings());
        Map<String, JobDefinition> said = file.definitions();
        for (FileRecord record : file.records()) {
            int known = findings.conflicts.size();
            JobDefinition before = base.get(record.id());
            if (before == null) {
                added(record);
            } else {
                changed(record, before);
            }
            if (findings.conflicts.size() == known && !newJobs.containsKey(record)) {
                base.put(record.id(), said.get(record.id()));
            }
        }
        for (Map.Entry<String, JobDefinition> before : List.copyOf(base.entrySet())) {
            if (!said.containsKey(before.getKey()) && removed(before.getKey(), before.getValue())) {
                base.remove(before.getKey());
            }
        }
        createNew();
        newJobs.keySet().forEach(record -> base.put(record.id(), said.get(record.id())));
        return findings;
    }

    /**
     * Merges a file of which nobody knows what it was made from: nothing is removed or overwritten.
     *
     * @param mayCreate whether a job that the store does not have is new; otherwise it may be one that was removed
     */
    Findings withoutBase(JobsFile file, boolean mayCreate) {
        findings.messages.addAll(file.warnings());
        noteNotRemoved(file);
        for (FileRecord record : file.records()) {
            boolean isStored = store.jobs().find(record.id()).isPresent();
            if (isStored || mayCreate) {
                added(record);
            } else {
                findings.conflicts.add("Job " + record.id()
                        + " is not in the store and may have been removed; it was not made again. `kairos import` the"
                        + " kept copy to have it back.");
            }
        }
        createNew();
        return findings;
    }

    /** Whoever wrote the file may have meant to remove them: it is not written anew without a word and a copy. */
    private void noteNotRemoved(JobsFile file) {
        Set<String> present = file.records().stream().map(FileRecord::id).collect(Collectors.toSet());
        long missing = store.jobs().list().stream()
                .filter(job -> !present.contains(job.id()))
                .count();
        if (missing > 0) {
            findings.conflicts.add("Jobs of the store that are not in the file: " + missing
                    + ". They were kept, because the file does not say which known revision it was made from; `kairos"
                    + " remove` those that shall go.");
        }
    }

    private void added(FileRecord record) {
        Optional<Job> stored = store.jobs().find(record.id());
        if (stored.isPresent()) {
            if (!saysSame(record, stored.get().definition())) {
                findings.conflicts.add(
                        "Job " + record.id() + " stands in the store with another content, which was kept.");
            }
        } else if (record.definition().isPresent()) {
            newJobs.put(record, newJob(record, record.definition().get()));
        } else {
            setAsideNew(record, record.fault());
        }
    }

    private NewJob newJob(FileRecord record, JobDefinition definition) {
        EngineFields stands = new EngineFields(record.raw(), zone);
        JobDefinition wanted = stands.saysPaused()
                ? definition.toBuilder().set(JobField.ENABLED, false).build()
                : definition;
        boolean hasEnded = stands.saysCompleted(definition);
        return new NewJob(
                Optional.of(record.id()),
                wanted,
                hasEnded
                        ? Optional.of(stands.adopted(record.id(), wanted, new Timetable(), environment.now()))
                        : Optional.empty());
    }

    private void setAsideNew(FileRecord record, String fault) {
        if (store.jobs()
                .create(List.of(SetAside.job(record.id(), record.raw(), fault)))
                .isEmpty()) {
            noteSetAside(record.id(), fault);
        }
    }

    private void noteSetAside(String id, String fault) {
        findings.setAside.add(id);
        findings.messages.add("Job " + id + " cannot be read and is set aside: " + fault + ".");
    }

    private void changed(FileRecord record, JobDefinition before) {
        if (saysSame(record, before)) {
            return;
        }
        try {
            if (record.definition().isEmpty()) {
                setAside(record, before, record.fault());
            } else {
                edited(record, before, record.definition().get());
            }
        } catch (JobNotFoundException e) {
            findings.conflicts.add("Job " + record.id() + " was removed meanwhile; it stays removed.");
        }
    }

    private void edited(FileRecord record, JobDefinition before, JobDefinition wanted) {
        List<String> conflicts = new ArrayList<>();
        try {
            JobChange change = revisions.revise(record.id(), stored -> {
                conflicts.clear();
                if (SetAside.record(stored).isPresent()) {
                    return Trees.replaced(stored, wanted);
                }
                Trees.Merged merged = Trees.merge(before, wanted, stored);
                conflicts.addAll(merged.conflicts());
                return merged.definition();
            });
            noteUpdate(change);
        } catch (JobNotFoundException e) {
            throw e;
        } catch (InvalidInputException e) {
            setAside(record, before, FileRecord.faultOf(e));
        }
        if (!conflicts.isEmpty()) {
            findings.conflicts.add("Job " + record.id() + ": " + String.join(", ", conflicts)
                    + " changed both in the file and in the store; the stored value was kept.");
        }
    }

    private void noteUpdate(JobChange change) {
        if (change.changed()) {
            findings.updated.add(change.job().id());
        }
        change.notes()
                .forEach(note -> findings.messages.add("Job " + change.job().id() + ": " + note));
    }

    private void setAside(FileRecord record, JobDefinition before, String fault) {
        JobChange change = revisions.setAside(
                record.id(),
                record.raw(),
                fault,
                stored -> SetAside.record(stored).isPresent() || Trees.saySame(stored, before));
        if (change.changed()) {
            noteSetAside(record.id(), fault);
        } else if (!saysSame(record, change.job().definition())) {
            findings.conflicts.add("Job " + record.id() + " cannot be read in the file (" + fault
                    + ") and was changed in the store; the stored one was kept.");
        }
    }

    /** Answers whether there is no such job afterwards. */
    private boolean removed(String id, JobDefinition before) {
        boolean wasThere = store.jobs().find(id).isPresent();
        if (!revisions.removeIf(id, stored -> Trees.saySame(stored, before))) {
            findings.conflicts.add("Job " + id + " was taken out of the file and changed in the store; it was kept.");
            return false;
        }
        if (wasThere) {
            findings.removed.add(id);
        }
        return true;
    }

    private void createNew() {
        if (newJobs.isEmpty()) {
            return;
        }
        try {
            operations
                    .createAll(List.copyOf(newJobs.values()))
                    .forEach(change -> findings.created.add(change.job().id()));
        } catch (InvalidInputException e) {
            newJobs.forEach(this::createOne);
        }
    }

    private void createOne(FileRecord record, NewJob wanted) {
        try {
            operations
                    .createAll(List.of(wanted))
                    .forEach(change -> findings.created.add(change.job().id()));
        } catch (InvalidInputException e) {
            if (store.jobs().find(record.id()).isEmpty()) {
                setAsideNew(record, FileRecord.faultOf(e));
            }
        }
    }

    /** Whether the record says what the definition says, be it readable or not. */
    private boolean saysSame(FileRecord record, JobDefinition definition) {
        Optional<Map<String, Object>> kept = SetAside.record(definition);
        if (kept.isPresent()) {
            return Trees.isSame(record.raw(), kept.get());
        }
        if (definition.fault().isPresent()) {
            return Trees.saySame(RecordReader.asStored(record.raw(), zone), definition);
        }
        return record.definition()
                .filter(read -> Trees.saySame(read, definition))
                .isPresent();
    }
}
