//! The codes of the loop and of its messages.

use super::Code;

/// In the order of the alphabet.
pub(super) const CODES: &[Code] = &[
    (
        "TRIB-ITERATE-FILE",
        "A file of the run cannot be read, or is not what the messages say it is.",
        "Look at the file that is named; restore it from version control.",
    ),
    (
        "TRIB-ITERATE-LIFE",
        "The verified life cycle of workflows does not allow what would come next, for instance a fourth revision without a person.",
        "`tribunal audit` shows where the journal stands.",
    ),
    (
        "TRIB-ITERATE-LOG",
        "The log of the messages or the journal was changed by hand, or holds a message that could not have been taken.",
        "Restore it from version control.",
    ),
    (
        "TRIB-ITERATE-REFINES",
        "The loop works on workflows that stand alone; this one refines another.",
        "Use `critique`, `revise` and `verify` one after the other.",
    ),
    (
        "TRIB-ITERATE-REFUSED",
        "A message of the loop was refused at the door: somebody else writes this conversation too.",
        "Look at `tribunal log`.",
    ),
    (
        "TRIB-ITERATE-ROLE",
        "The loop seats planner and critic, and SPEC_ROLE says a role that seats nobody.",
        "Run it without SPEC_ROLE, or as `human` or `orchestrator`.",
    ),
    (
        "TRIB-ITERATE-SEAT",
        "Whoever sits at the table gave nothing that can be used: a provider that cannot be reached, or an answer that is wrong again and again.",
        "What was done so far is kept; `tribunal iterate --resume` asks again, and nothing that was paid for is paid twice.",
    ),
    (
        "TRIB-ITERATE-UNDER-WAY",
        "A run about this workflow was interrupted, or stands at another version.",
        "Go on with `--resume`, or raise `version:` to start anew.",
    ),
    (
        "TRIB-LOG-MESSAGE",
        "No message of the conversation has this name.",
        "`tribunal log --messages` shows their names.",
    ),
    (
        "TRIB-MESSAGE-ANSWERED",
        "A message was answered before, and there is one answer to it.",
        "Nothing; the first answer counts.",
    ),
    (
        "TRIB-MESSAGE-ARTIFACT",
        "A file is not what the message says it is.",
        "Send the message again with the file's digest as it is.",
    ),
    (
        "TRIB-MESSAGE-CAUSE",
        "A message answers nothing, or something that it cannot answer, or that was said to somebody else.",
        "See docs/protocol.md for what answers what.",
    ),
    (
        "TRIB-MESSAGE-CONTENT",
        "The parts of a message do not fit each other or the message it answers.",
        "Read what is said beside the code.",
    ),
    (
        "TRIB-MESSAGE-CORRELATION",
        "No goal opened the conversation that the message belongs to.",
        "Start with a goal.",
    ),
    (
        "TRIB-MESSAGE-DIGEST",
        "A message speaks of another content of the version than the message it answers.",
        "Work on what is there now, and answer that.",
    ),
    (
        "TRIB-MESSAGE-DUPLICATE",
        "Two messages have one name and say different things.",
        "Give the second one a name of its own.",
    ),
    (
        "TRIB-MESSAGE-FORMAT",
        "The message has a format that this version does not read.",
        "Update tribunal; docs/protocol.md says which reader reads which writer.",
    ),
    (
        "TRIB-MESSAGE-LENGTH",
        "A text in the message is too long.",
        "Say it in fewer words.",
    ),
    (
        "TRIB-MESSAGE-REASONING",
        "The message does not say why.",
        "Every message carries its reasoning.",
    ),
    (
        "TRIB-MESSAGE-RECEIVER",
        "This kind of message does not go to that role.",
        "See docs/protocol.md for who sends what to whom.",
    ),
    (
        "TRIB-MESSAGE-ROLE",
        "This role does not send this kind of message: no agent does the work of another.",
        "See docs/protocol.md for who sends what.",
    ),
    (
        "TRIB-MESSAGE-SEAT",
        "Somebody else fills the role that the message claims.",
        "Send it from the seat that is taken.",
    ),
    (
        "TRIB-MESSAGE-VERSION",
        "The message speaks of another version than the one it answers, or would act on one that was replaced.",
        "Work on the current version.",
    ),
    (
        "TRIB-MESSAGE-WORKFLOW",
        "The message is about another workflow than the conversation.",
        "Send it to the conversation of its workflow.",
    ),
    (
        "TRIB-STATUS-PROJECT",
        "There is no project around this directory, so nothing has a status.",
        "`tribunal init` makes this directory a project.",
    ),
];
