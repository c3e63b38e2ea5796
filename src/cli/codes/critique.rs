//! Codes of critiques, and of what keeps one from being admitted.

use super::Code;

/// In the order of the alphabet.
pub(super) const CODES: &[Code] = &[
    (
        "TRIB-CRITIQUE-ACCEPT",
        "A critique accepts a version in which a blocking finding is open, and proposes no waiver for it.",
        "Recommend a revision, or propose a waiver; only a person waives.",
    ),
    (
        "TRIB-CRITIQUE-DEBT",
        "A critique calls a blocking finding abstraction debt. What blocks can do harm as it stands.",
        "Call it a correctness risk.",
    ),
    (
        "TRIB-CRITIQUE-DIGEST",
        "A critique is about another content of this version.",
        "Criticise the version as it is now.",
    ),
    (
        "TRIB-CRITIQUE-FINDING",
        "A critique names a finding that its report does not have.",
        "Name findings by the ids in the report.",
    ),
    (
        "TRIB-CRITIQUE-FORMAT",
        "A critique is written in a format that this version does not read.",
        "Use the version that wrote it, or criticise anew.",
    ),
    (
        "TRIB-CRITIQUE-INCONCLUSIVE",
        "The report leaves something undecided, so there is nothing to judge on and no critique.",
        "Get the missing engine (`tribunal doctor`), or give more time (`--deadline`).",
    ),
    (
        "TRIB-CRITIQUE-ISSUE",
        "A change says that it answers an issue that the critique does not have.",
        "Name an issue of the same critique.",
    ),
    (
        "TRIB-CRITIQUE-LENGTH",
        "A text of a critique is longer, or there are more of them, than is taken.",
        "Say it in fewer words.",
    ),
    (
        "TRIB-CRITIQUE-NAME",
        "A change names a state, transition, evidence, artifact or variable that is not there.",
        "Name what the workflow declares, or what an earlier change adds.",
    ),
    (
        "TRIB-CRITIQUE-POLICY",
        "The file is a policy. Only workflows have critiques.",
        "Name a workflow file.",
    ),
    (
        "TRIB-CRITIQUE-QUESTION",
        "A question of a critique has fewer than two options, or two of one name, or a question inside, or its own name is taken.",
        "Give the person at least two ways to go, each with a name.",
    ),
    (
        "TRIB-CRITIQUE-REPORT",
        "A critique is about another report than the one at hand.",
        "Criticise the report as it is now.",
    ),
    (
        "TRIB-CRITIQUE-SEVERITY",
        "An issue weighs less than a finding that it answers. A critique cannot lower a finding's severity.",
        "Give the issue the finding's severity; propose a waiver if it is acceptable.",
    ),
    (
        "TRIB-CRITIQUE-TWICE",
        "A critique has two issues of one name, or two waivers for one finding.",
        "Keep one of the two.",
    ),
    (
        "TRIB-CRITIQUE-VERSION",
        "A critique is about an older or a later version.",
        "Criticise the version as it is now.",
    ),
    (
        "TRIB-CRITIQUE-WORKFLOW",
        "A critique is about another workflow.",
        "Use the critique of this workflow.",
    ),
];
