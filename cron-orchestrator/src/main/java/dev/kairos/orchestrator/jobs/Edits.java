package dev.kairos.orchestrator.jobs;

import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Makes an edit in a decision about a job. */
final class Edits {
    private Edits() {}

    static void apply(JobDraft draft, JobEdit edit, JobChecks checks) {
        long version = draft.job().version();
        edit.expectedVersion().ifPresent(expected -> {
            if (expected != version) {
                throw new JobConflictException(draft.job().id(), expected, version);
            }
        });
        become(draft, edit.applyTo(draft.job().definition()), checks);
    }

    /** Makes the job's definition the wanted one, pausing and resuming where that is the difference. */
    static void become(JobDraft draft, JobDefinition wanted, JobChecks checks) {
        JobDefinition old = draft.job().definition();
        boolean wantsEnabled = wanted.isEnabled();
        change(draft, checks, withPauseOf(old, wanted));
        if (wantsEnabled != old.isEnabled()) {
            if (wantsEnabled) {
                draft.resume(ResumeMode.NEXT);
            } else {
                draft.pause(wanted.get(JobField.PAUSED_REASON));
            }
        }
    }

    private static void change(JobDraft draft, JobChecks checks, JobDefinition wanted) {
        JobDefinition old = draft.job().definition();
        if (wanted.equals(old)) {
            return;
        }
        JobDefinition accepted = checks.accept(SetAside.cleared(wanted));
        if (!accepted.get(JobField.SCHEDULE).equals(old.get(JobField.SCHEDULE))) {
            JobChecks.refuseLongPast(accepted.schedule(), draft.now());
        }
        if (!accepted.equals(old)) {
            draft.edit(accepted);
        }
    }

    /** Whether it is paused is changed by pausing and resuming, not by the edit itself. */
    private static JobDefinition withPauseOf(JobDefinition old, JobDefinition wanted) {
        JobDefinition.Builder edited = wanted.toBuilder();
        Optional<Boolean> enabled = old.get(JobField.ENABLED);
        if (enabled.isPresent()) {
            edited.set(JobField.ENABLED, enabled.get());
        } else {
            edited.clear(JobField.ENABLED).clear(JobField.PAUSED_REASON);
        }
        return edited.build();
    }

    /** Takes over a definition that code states anew, with what the system and others keep beside it. */
    static void replace(JobDraft draft, JobDefinition stated, Map<String, Object> unknown) {
        JobDefinition old = draft.job().definition();
        Map<String, Object> kept = new TreeMap<>(old.unknown());
        kept.putAll(unknown);
        JobDefinition.Builder whole = stated.toBuilder();
        old.get(JobField.CREATED_AT).ifPresent(at -> whole.set(JobField.CREATED_AT, at));
        old.get(JobField.PAUSED_AT).ifPresent(at -> whole.set(JobField.PAUSED_AT, at));
        old.get(JobField.PAUSED_REASON).ifPresent(text -> whole.set(JobField.PAUSED_REASON, text));
        kept.forEach(whole::unknown);
        draft.edit(withPauseOf(old, whole.build()));
        if (!old.isEnabled() && stated.isEnabled()) {
            draft.resume(ResumeMode.NEXT);
            draft.note("It was paused; the code's definition changed, so it is due again.");
        } else if (old.isEnabled() && !stated.isEnabled()) {
            draft.pause(stated.get(JobField.PAUSED_REASON));
        }
    }
}
