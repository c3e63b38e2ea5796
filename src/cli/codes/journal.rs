//! Codes of journals and of what they say.

use super::Code;

/// In the order of the alphabet.
pub(super) const CODES: &[Code] = &[
    (
        "TRIB-AUDIT-CONFLICT",
        "Two branches that were merged hold decisions on one version, or one question, of which neither knew of the other.",
        "Decide again, or raise `version:`; a later decision that knows both settles the conflict.",
    ),
    (
        "TRIB-AUDIT-STEP",
        "A journal records a step that the verified life cycle (formal/spec_impl.v2.yaml) does not allow where it stands, such as an approval of a report that is stale.",
        "Find out who recorded it and how. The event has no effect; what it claims has to be done anew in the right order.",
    ),
    (
        "TRIB-JOURNAL-BODY",
        "An entry of a journal is sound but is not the sort of event that this journal holds, or an event cannot be written as JSON and read back.",
        "Use a version of tribunal that knows the event; if you edited the journal by hand, restore it from git.",
    ),
    (
        "TRIB-JOURNAL-FILE",
        "A journal cannot be opened, read or written: permissions, a full disk, or an input error. Nothing was counted that was not written whole.",
        "Free space or correct the permissions, then run the command again.",
    ),
    (
        "TRIB-JOURNAL-FORMAT",
        "A line of a journal is in a format that this version of tribunal does not know.",
        "Use the version of tribunal that wrote it.",
    ),
    (
        "TRIB-JOURNAL-HASH",
        "A line of a journal was changed after it was written: its hash does not fit its content.",
        "Restore the journal from git; journals are never edited.",
    ),
    (
        "TRIB-JOURNAL-LINE",
        "A line of a journal is not JSON, is no entry, or is not spelled as it was written.",
        "Restore the journal from git; journals are never edited, and their line ends must stay as they are.",
    ),
    (
        "TRIB-JOURNAL-LOCKED",
        "Another process has held the journal's lock for too long.",
        "Wait for it to end, or end it; then run the command again.",
    ),
    (
        "TRIB-JOURNAL-NONE",
        "There is no project here, or what was named is neither a file nor a workflow of it, so no journal is meant.",
        "Name a workflow file, a workflow's id, a journal or a directory; `tribunal init` makes a project.",
    ),
    (
        "TRIB-JOURNAL-PARENT",
        "An entry of a journal follows one that is not there, or entries follow each other in a circle: a line was removed.",
        "Restore the journal from git; merge branches with the `merge=union` attribute that `tribunal init` writes.",
    ),
    (
        "TRIB-JOURNAL-REPLACED",
        "Another program, such as git, put another file in the journal's place while an entry was written. The entry does not count.",
        "Run the command again.",
    ),
    (
        "TRIB-JOURNAL-SIZE",
        "A journal has more than 64 MiB, or an entry more than 1 MiB.",
        "Shorten what is recorded, such as a long reason.",
    ),
];
