//! Codes of authority: why the gate is shut, and why something was not approved.

use super::Code;

/// In the order of the alphabet.
pub(super) const CODES: &[Code] = &[
    (
        "TRIB-AGENT",
        "An agent (`SPEC_AGENT_ID` is set) tried to give or take authority.",
        "A person does this, without `SPEC_AGENT_ID`.",
    ),
    (
        "TRIB-APPROVED",
        "The version is approved already.",
        "Nothing is to be done; to give up or waive something, revoke the approval first.",
    ),
    (
        "TRIB-EXPECT",
        "What would be approved is not what `--expect` says was shown: the file, the report, the critique, the policy or a waiver changed.",
        "Look at what it is now, without `--expect`, and decide again.",
    ),
    (
        "TRIB-EXPECT-MISSING",
        "Nobody is at a terminal to be asked, and `--expect` does not say what was shown.",
        "Look at what is printed, then approve with `--expect` and its digest.",
    ),
    (
        "TRIB-GATE-APPROVAL",
        "An approval is about something else, was edited, or says something else than the journal.",
        "Restore approval.json from version control, or approve again.",
    ),
    (
        "TRIB-GATE-AUTHOR",
        "Whoever approved a version may be its author.",
        "Somebody else approves, or `.spec/config.json` says `\"single_person\": true`, which the gate prints.",
    ),
    (
        "TRIB-GATE-CHANGED",
        "The file, or a workflow that it refines, says something else than what was verified under its version.",
        "Undo the change, or raise `version:`, then verify, critique and approve again.",
    ),
    (
        "TRIB-GATE-CLOCK",
        "An approval is dated more than five minutes in the future: a clock is wrong, or was.",
        "Set the clock, or approve again.",
    ),
    (
        "TRIB-GATE-CONFLICT",
        "Two branches were merged; on one the version was approved, on the other it was revoked or rejected.",
        "Settle which decision counts: revoke, or make a new version.",
    ),
    (
        "TRIB-GATE-CRITIQUE",
        "critique.json is not the critique that was approved.",
        "Restore it from version control, or approve again.",
    ),
    (
        "TRIB-GATE-CRITIQUE-NEW",
        "The version was criticised again since it was approved, with another result.",
        "Approve again, on the new critique.",
    ),
    (
        "TRIB-GATE-CRITIQUE-OTHER",
        "critique.json is about another version, or about another report.",
        "Critique and approve again.",
    ),
    (
        "TRIB-GATE-ENGINES",
        "With `--reverify`: an engine of the report is not installed any more, or in another version.",
        "Verify, critique and approve again with the engines that are installed.",
    ),
    (
        "TRIB-GATE-FROZEN",
        "The frozen workflow.yaml of the record is not what its digest says.",
        "Restore the version's folder from version control, or verify again.",
    ),
    (
        "TRIB-GATE-INPUT",
        "The policy asks for an input that is not known. A missing input is an error, never false.",
        "Report it with the policy.",
    ),
    (
        "TRIB-GATE-JOURNAL",
        "The workflow's journal cannot be read, or its chain of hashes is broken.",
        "Restore it from version control.",
    ),
    (
        "TRIB-GATE-NO-CRITIQUE",
        "The critique that was approved is not there.",
        "Restore critique.json from version control, or critique and approve again.",
    ),
    (
        "TRIB-GATE-NO-FILE",
        "A folder of the project does not say which file its workflow comes from, or that file holds another workflow now.",
        "Verify the file again; remove the folder of a workflow that is given up.",
    ),
    (
        "TRIB-GATE-NO-PERSON",
        "Somebody else than a person approved.",
        "A person approves.",
    ),
    (
        "TRIB-GATE-NO-REPORT",
        "The report is not there.",
        "Restore report.json from version control, or verify, critique and approve again.",
    ),
    (
        "TRIB-GATE-NOT-APPROVED",
        "Nobody has approved this version.",
        "`tribunal pending` says what is missing.",
    ),
    (
        "TRIB-GATE-NOT-IN-JOURNAL",
        "There is an approval that the journal does not know.",
        "Restore the folder and the journal together, or approve again.",
    ),
    (
        "TRIB-GATE-NOT-VERIFIED",
        "This version was never verified in this project.",
        "Run `tribunal verify`, then `critique`, then `approve`.",
    ),
    (
        "TRIB-GATE-POLICY",
        "The policy in force is not the one under which the version was approved.",
        "Restore the policy, or approve again under the new one.",
    ),
    (
        "TRIB-GATE-RECORD",
        "A file of the version's record cannot be read.",
        "Restore it from version control, or verify, critique and approve again.",
    ),
    (
        "TRIB-GATE-REFUSED",
        "The policy does not allow it, on what is on disk now.",
        "See the rule that is named.",
    ),
    (
        "TRIB-GATE-REJECTED",
        "The version was given up.",
        "Make a new version.",
    ),
    (
        "TRIB-GATE-REPORT",
        "report.json is not the report that was approved.",
        "Restore it from version control, or critique and approve again.",
    ),
    (
        "TRIB-GATE-REPORT-NEW",
        "The version was verified again since it was approved, with another result.",
        "Critique and approve again, on the new report.",
    ),
    (
        "TRIB-GATE-REPORT-OTHER",
        "report.json is about another version.",
        "Verify, critique and approve again.",
    ),
    (
        "TRIB-GATE-REVOKED",
        "The approval was taken back.",
        "Make a new version.",
    ),
    (
        "TRIB-GATE-SIGNATURE",
        "The signature under an approval is missing, does not fit, or its key may not sign.",
        "Sign again with a key of `.spec/allowed_signers`: `tribunal approve --sign KEY`.",
    ),
    (
        "TRIB-GATE-SUPERSEDED",
        "A newer version was proposed since this one was approved.",
        "Verify, critique and approve the newer version.",
    ),
    (
        "TRIB-GATE-VERSION",
        "Another version than the file's is the one that was approved.",
        "Verify, critique and approve this version too.",
    ),
    (
        "TRIB-GATE-WAIVER",
        "A waiver of an approval is not in force: it ended with an older version, is about another report, or is not in the journal.",
        "Waive again for this version and this report, then approve again.",
    ),
    (
        "TRIB-KEY",
        "The key cannot be read or cannot sign, or nobody is known by it.",
        "Name a private key that `ssh-keygen` made, and put its public key into `.spec/allowed_signers`.",
    ),
    (
        "TRIB-NO-FINDING",
        "The current report has no such finding.",
        "Take the id from the report; `tribunal verify` shows it.",
    ),
    (
        "TRIB-NO-PROJECT",
        "The command needs a project, and there is no `.spec` here or above.",
        "Run `tribunal init`.",
    ),
    (
        "TRIB-NO-REASON",
        "A decision gives no reason.",
        "Say why, with `--reason TEXT`.",
    ),
    (
        "TRIB-NO-WORKFLOW",
        "A policy or a directory was named where a workflow file is wanted.",
        "Name a workflow file.",
    ),
    (
        "TRIB-NOT-APPROVED",
        "There is no approval in force to take back.",
        "`tribunal gate` says how it stands.",
    ),
    (
        "TRIB-NOT-CONFIRMED",
        "The question at the terminal was not answered with `yes`; nothing is decided.",
        "Decide again when you are ready.",
    ),
    (
        "TRIB-ROLE",
        "`SPEC_ROLE` names another role than this is for, or nothing says that a person does it.",
        "A person does it: at a terminal, with a signature, or with `SPEC_ROLE=human`.",
    ),
    (
        "TRIB-SIGNERS",
        "`.spec/allowed_signers` has a line that is not understood.",
        "Correct the line; certificate authorities are not supported.",
    ),
];
