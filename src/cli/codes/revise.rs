//! Codes of changes that cannot be carried out.

use super::Code;

/// In the order of the alphabet.
pub(super) const CODES: &[Code] = &[
    (
        "TRIB-ANSWER-AMBIGUOUS",
        "Several workflows ask a question of this name.",
        "Write WORKFLOW/QUESTION, or name the file.",
    ),
    (
        "TRIB-ANSWER-CONFLICT",
        "The question was answered in another way before.",
        "The first answer stands until a new critique asks again.",
    ),
    (
        "TRIB-ANSWER-CRITIQUE",
        "A critique cannot be read, or is not of the form that a critique has.",
        "Make it anew with `tribunal critique FILE`.",
    ),
    (
        "TRIB-ANSWER-MESSAGES",
        "The agents' messages about a workflow cannot be read.",
        "Look at the line that is named; the file is in version control.",
    ),
    (
        "TRIB-ANSWER-OPTION",
        "The question has no option of this name.",
        "Answer with one of the options listed.",
    ),
    (
        "TRIB-ANSWER-PROJECT",
        "Answers are kept in a project, and this is none.",
        "Run `tribunal init`, or go where `.spec` is.",
    ),
    (
        "TRIB-ANSWER-QUESTION",
        "Nobody asks a question of this name.",
        "The questions that are open are listed.",
    ),
    (
        "TRIB-ANSWER-ROLE",
        "An agent, or a role to which this does not belong, gave the order.",
        "A person does this, without SPEC_AGENT_ID and with SPEC_ROLE=human or without SPEC_ROLE.",
    ),
    (
        "TRIB-REVISE-ANSWER",
        "A question was answered with an option that it does not offer.",
        "Answer with one of the options listed.",
    ),
    (
        "TRIB-REVISE-CHANGED",
        "Somebody changed the file while it was being revised. Nothing was written.",
        "Look at the file and run it again.",
    ),
    (
        "TRIB-REVISE-EMPTY",
        "A change names nothing where it must name something.",
        "Name at least one.",
    ),
    (
        "TRIB-REVISE-EXPRESSION",
        "A condition or value in a change is not an expression of the language.",
        "Correct it; the message says what is wrong.",
    ),
    (
        "TRIB-REVISE-FIT",
        "The parts of a change do not fit together, or do not fit this workflow.",
        "Do what the help line says.",
    ),
    (
        "TRIB-REVISE-IN-USE",
        "A change takes something away that is still named elsewhere.",
        "Change what names it first.",
    ),
    (
        "TRIB-REVISE-LAYOUT",
        "The file is laid out in a way that cannot be patched without disturbing the rest of it. Nothing was written.",
        "Write the part in the usual block or flow style and try again.",
    ),
    (
        "TRIB-REVISE-LOOSER",
        "A change that may only tighten would allow something that was not allowed before.",
        "Add a condition to the old one instead of replacing it.",
    ),
    (
        "TRIB-REVISE-MISMATCH",
        "The patched text does not decode to what the changes ask for. Nothing was written. This is a bug in tribunal.",
        "Report it with the file and the changes.",
    ),
    (
        "TRIB-REVISE-NAME",
        "A word in a change cannot be a name.",
        "Write a letter followed by letters, digits and `_`; no word of the expression language, and nothing that YAML takes for a boolean.",
    ),
    (
        "TRIB-REVISE-NOTHING",
        "The changes leave the workflow as it is.",
        "The workflow already says all that they ask for; there is nothing to do.",
    ),
    (
        "TRIB-REVISE-POLICY",
        "A policy file cannot be revised by a critique.",
        "Name a workflow file.",
    ),
    (
        "TRIB-REVISE-QUESTION",
        "A question among the changes is not well-formed: it asks another one, or two have one name.",
        "Ask each question once, beside the others.",
    ),
    (
        "TRIB-REVISE-REJECTED",
        "The critic gives this version up instead of asking for changes.",
        "A person decides what comes next.",
    ),
    (
        "TRIB-REVISE-RESULT",
        "The changes were carried out, and the workflow that came of them would be refused. Nothing was written.",
        "The message says what would be wrong; the changes do not fit together.",
    ),
    (
        "TRIB-REVISE-ROLE",
        "A change names something of the wrong sort: an end where a state in between is needed, a program where a person is.",
        "Name another one, or change this one first.",
    ),
    (
        "TRIB-REVISE-ROUNDS",
        "Agents have revised three times since a person last took part, and the verified life cycle allows no more.",
        "A person looks at what came of it and runs `tribunal revise`, or edits the file, or rejects the version.",
    ),
    (
        "TRIB-REVISE-SOURCE",
        "The workflow that is to be changed cannot be read.",
        "Correct it first; `tribunal check` says more.",
    ),
    (
        "TRIB-REVISE-STALE",
        "The critique is about another workflow, version, digest or report than the one at hand.",
        "Make one for this version with `tribunal critique FILE`.",
    ),
    (
        "TRIB-REVISE-TAKEN",
        "A change declares a name that is already used.",
        "Choose another name.",
    ),
    (
        "TRIB-REVISE-TWICE",
        "A change names one thing twice.",
        "Name each once.",
    ),
    (
        "TRIB-REVISE-UNANSWERED",
        "A question of the critique waits for a person.",
        "Answer it with `tribunal answer QUESTION OPTION`.",
    ),
    (
        "TRIB-REVISE-UNDECIDED",
        "Z3 could not show that a change which may only tighten does so.",
        "Write the old condition and something more, so that no solver is needed.",
    ),
    (
        "TRIB-REVISE-UNKNOWN",
        "A change names something that the workflow does not declare.",
        "Name what is declared, or declare it first.",
    ),
    (
        "TRIB-REVISE-VERSION",
        "The workflow has the last version number there can be.",
        "Give it another id.",
    ),
    (
        "TRIB-REVISE-WORD",
        "A word in a change is not one of the few that are known there.",
        "Write one of the words listed.",
    ),
];
