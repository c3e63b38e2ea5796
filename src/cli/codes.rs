//! What each error code means and what to do, for `tribunal explain CODE`.

mod critique;
mod gate;
mod iterate;
mod journal;
mod provider;
mod revise;
mod seat;

/// A code, what it means, what to do.
pub type Code = (&'static str, &'static str, &'static str);

/// The entry of a code.
#[must_use]
pub fn find(code: &str) -> Option<&'static Code> {
    all().find(|(known, _, _)| *known == code)
}

/// Every code of the program.
pub fn all() -> impl Iterator<Item = &'static Code> {
    TABLES.iter().copied().flatten()
}

/// One table a subject, each in the order of the alphabet.
const TABLES: &[&[Code]] = &[
    CODES,
    critique::CODES,
    gate::CODES,
    iterate::CODES,
    journal::CODES,
    provider::CODES,
    revise::CODES,
    seat::CODES,
];

/// The codes that have no table of their own, in the order of the alphabet.
pub const CODES: &[Code] = &[
    (
        "TRIB-ANCHOR",
        "The file uses a YAML anchor or alias (`&x`, `*x`), which this format does not have.",
        "Write the value out.",
    ),
    (
        "TRIB-ASYNC",
        "The file uses instances of actors, channels or something else that belongs to concurrency between actors, which this version does not verify.",
        "Model one instance and its messages by states and variables.",
    ),
    (
        "TRIB-BUG",
        "Tribunal stopped where it should not.",
        "Report it with the file and what was printed.",
    ),
    (
        "TRIB-COMMENT",
        "A comment stands right behind an unquoted expression. It is no part of the expression, though it may look so. The file is taken.",
        "Quote the expression.",
    ),
    (
        "TRIB-CONFIG",
        "`.spec/config.json` cannot be read, or has a key or a value that is not known.",
        "Correct it; the keys are llm_provider, model, anthropic_api_key_env, backends, engines, single_person.",
    ),
    (
        "TRIB-DIRECTIVE",
        "The file starts with a YAML directive (`%...`).",
        "Remove it; the file is read as YAML 1.2.",
    ),
    (
        "TRIB-DOCUMENTS",
        "The file holds more than one YAML document.",
        "Keep one; one file is one workflow or one policy.",
    ),
    (
        "TRIB-DUPLICATE-KEY",
        "A key is written twice in one map.",
        "Keep one of the two.",
    ),
    (
        "TRIB-DUPLICATE-NAME",
        "Two declarations take one name. Variables, evidence, artifacts, states and actors share one namespace.",
        "Rename one of the two.",
    ),
    (
        "TRIB-EMPTY",
        "The file is empty.",
        "Start from `tribunal init`, which writes an example.",
    ),
    (
        "TRIB-EMPTY-LIST",
        "A list that needs at least one entry has none.",
        "Add an entry, or leave the key out where it is optional.",
    ),
    (
        "TRIB-ENCODING",
        "The file is not UTF-8 text.",
        "Save it as UTF-8.",
    ),
    (
        "TRIB-EXPANSION-LIMIT",
        "An expression has too many parts once its quantifiers are written out.",
        "Shorten the lists, or nest fewer quantifiers.",
    ),
    (
        "TRIB-EXPR-CHAIN",
        "Comparisons do not chain.",
        "Write `a < b and b < c`.",
    ),
    (
        "TRIB-EXPR-CHARACTER",
        "A character that does not occur in expressions.",
        "Remove it.",
    ),
    (
        "TRIB-EXPR-EMPTY",
        "An expression is missing.",
        "Write one, or remove the key.",
    ),
    (
        "TRIB-EXPR-FUNCTION",
        "There is no function of this name.",
        "Use `fresh`, `stale` or `has`.",
    ),
    (
        "TRIB-EXPR-LIMIT",
        "An expression is longer or nests deeper than is allowed.",
        "Split it, for example over two properties or transitions.",
    ),
    (
        "TRIB-EXPR-LIST",
        "A list stands where a value is wanted.",
        "Use lists only behind `in`: `x in [a, b]`.",
    ),
    (
        "TRIB-EXPR-NUMBER",
        "A number that is no integer of the expression language.",
        "Write one to seven decimal digits, without leading zero.",
    ),
    (
        "TRIB-EXPR-OPERATOR",
        "An operator of another language, such as `&&`, `||` or `!`.",
        "Write `and`, `or`, `not`; `==` compares.",
    ),
    (
        "TRIB-EXPR-POSITION",
        "`forall`, `exists` or `if` stands where it extends too far.",
        "Put parentheses around it.",
    ),
    (
        "TRIB-EXPR-SYNTAX",
        "The expression is not of the grammar; the message says what was expected where.",
        "Correct it there.",
    ),
    (
        "TRIB-EXPR-WORD",
        "A word that is no value of the expression language, such as `yes` or `null`.",
        "Write `true`, `false` or `none`.",
    ),
    (
        "TRIB-FILE-READ",
        "A file cannot be read.",
        "Check the path; paths in `refines:` are relative to the file they stand in.",
    ),
    (
        "TRIB-FILE-SIZE",
        "A file is larger than is read.",
        "Split the workflow.",
    ),
    (
        "TRIB-FORMAT",
        "The file is of a format this version does not read.",
        "Write `ir: 1`, or leave the key out.",
    ),
    (
        "TRIB-INIT",
        "`init` of a variable is not one plain value of its type, or `any`.",
        "Write a value, or `any` for every value.",
    ),
    (
        "TRIB-INIT-OUTSIDE",
        "The initial value of a variable is not a value of its type.",
        "Write one of its values, or change the type.",
    ),
    (
        "TRIB-INIT-WRITE",
        "`init` could not write a file.",
        "Check the permissions of the directory.",
    ),
    (
        "TRIB-INITIAL-NEEDS",
        "The initial state has `needs`, but no evidence exists at the start.",
        "Remove `needs` there, or begin in a state of its own.",
    ),
    (
        "TRIB-INPUT",
        "Input from the terminal could not be read.",
        "Try again, or use `--trace` or `--random`.",
    ),
    (
        "TRIB-INSTALL",
        "A tool could not be installed: a package could not be fetched, or it is not the one this version knows.",
        "Read what the line says, and run it again; nothing half-made is used.",
    ),
    (
        "TRIB-INTEGER",
        "A value is no decimal integer.",
        "Write digits only, with `-` in front if negative.",
    ),
    (
        "TRIB-INTERRUPTED",
        "The run was interrupted; nothing is concluded.",
        "Run it again.",
    ),
    (
        "TRIB-LEAVES-TERMINAL",
        "A transition leaves a terminal state.",
        "Remove the state from `from`, or from `terminal`.",
    ),
    (
        "TRIB-LEMMA",
        "`lemma: true` stands at a property that cannot help proofs.",
        "Mark only an `always` or `never` that is expected to hold.",
    ),
    (
        "TRIB-LISTED-TWICE",
        "A name stands twice in one list.",
        "Remove one of the two.",
    ),
    (
        "TRIB-LOWER",
        "The workflow cannot be written in this language; the message says why.",
        "Narrow its ranges, or choose another language.",
    ),
    (
        "TRIB-MERGE-KEY",
        "The file uses a YAML merge key (`<<`).",
        "Write the keys out.",
    ),
    (
        "TRIB-MISSING-KEY",
        "A key that is needed is missing.",
        "Add it.",
    ),
    (
        "TRIB-NAME",
        "A name is not a letter followed by letters, digits and `_`.",
        "Spell it so, in at most 64 characters.",
    ),
    (
        "TRIB-NO-KIND",
        "Nothing is called so.",
        "`tribunal explain` lists all kinds of findings.",
    ),
    (
        "TRIB-NO-POLICY",
        "`.spec/policy.yaml` is not a policy.",
        "Give it `rules:` at its top, or remove it.",
    ),
    (
        "TRIB-NO-PROPERTY",
        "No property of the workflow has this id.",
        "`tribunal verify -v FILE` lists all ids.",
    ),
    (
        "TRIB-NOT-MADE-OF",
        "Evidence has no stamp of an artifact it is not made of.",
        "Add the artifact to its `of`, or ask for another.",
    ),
    (
        "TRIB-PHASE-SIZE",
        "A phase variable has too many values.",
        "Use a smaller type, or leave `phase` out.",
    ),
    (
        "TRIB-PRECEDES-SELF",
        "A transition is to precede itself.",
        "Name another transition.",
    ),
    (
        "TRIB-PROPERTY-FORM",
        "A property has no form, or more than one.",
        "Give it exactly one of always, never, at with require or ensure, precedes, reachable, can_reach, eventually, leads_to, infinitely_often.",
    ),
    (
        "TRIB-QUOTE",
        "YAML reads the expression as something else.",
        "Quote it: put \"...\" around it.",
    ),
    (
        "TRIB-RANGE",
        "A range is empty or leaves -1000000..1000000.",
        "Write the smaller number first, both within a million of 0.",
    ),
    (
        "TRIB-REFINES-CYCLE",
        "Workflows refine each other in a circle.",
        "Refine only a workflow that does not depend on this one.",
    ),
    (
        "TRIB-REFINES-DEPTH",
        "Too many workflows refine each other in a row.",
        "Leave out workflows in between.",
    ),
    (
        "TRIB-REFINES-ENTRY",
        "Evidence and artifacts of the other workflow map to plain names of this one's.",
        "Write such a name.",
    ),
    (
        "TRIB-REFINES-EVIDENCE",
        "Evidence cannot stand for the other workflow's: artifacts or fields do not fit.",
        "Map it to evidence that is made of the same artifacts and has the same fields.",
    ),
    (
        "TRIB-REFINES-MISSING",
        "`refines.map` leaves something of the other workflow out.",
        "Add an entry for `state`, every variable, every evidence, every artifact.",
    ),
    (
        "TRIB-REFINES-NOT-READ",
        "The refined workflow was not read.",
        "Check the path, relative to this file.",
    ),
    (
        "TRIB-REFINES-POLICY",
        "`refines:` names a policy file.",
        "Name a workflow file.",
    ),
    (
        "TRIB-RESERVED",
        "A reserved word cannot be a name.",
        "Choose another name.",
    ),
    (
        "TRIB-ROOT",
        "The directory of `--root` cannot be used.",
        "Check that it exists.",
    ),
    (
        "TRIB-SHADOWS",
        "A choice or bound variable hides something declared.",
        "Give the local name a spelling of its own.",
    ),
    (
        "TRIB-SHAPE",
        "A value has another shape than the key wants.",
        "Write what the message asks for.",
    ),
    (
        "TRIB-STORE",
        "A file of the record, or a report, could not be written.",
        "Check the path and its permissions.",
    ),
    (
        "TRIB-TAG",
        "The file uses a YAML tag (`!...`).",
        "Quote a text that starts with `!`; in an expression write `not`.",
    ),
    (
        "TRIB-TERMINAL-TWICE",
        "A state is declared both a success and a failure.",
        "Keep it under one of the two.",
    ),
    ("TRIB-TOO-LONG", "A text is too long.", "Shorten it."),
    (
        "TRIB-TOO-MANY",
        "More entries than are allowed.",
        "Split the workflow.",
    ),
    (
        "TRIB-TRACE",
        "The run in the file is none of this workflow.",
        "Replay it on the version it was found in.",
    ),
    (
        "TRIB-TWO-WRITES",
        "A transition writes one thing twice.",
        "Keep one effect, or split the transition in two: a step is atomic.",
    ),
    (
        "TRIB-TYPE-MISMATCH",
        "An expression is of another type than is needed there.",
        "Compare and assign values of one type.",
    ),
    (
        "TRIB-UNKNOWN-KEY",
        "A key that does not exist there.",
        "Correct its spelling, or remove it.",
    ),
    (
        "TRIB-UNKNOWN-NAME",
        "A name that nothing has.",
        "Declare it, or correct its spelling.",
    ),
    (
        "TRIB-UNTYPED-VALUE",
        "A value belongs to several types and nothing says which is meant.",
        "Compare it with a variable, field or choice of the type that is meant.",
    ),
    (
        "TRIB-USAGE",
        "The command line is not right.",
        "`tribunal --help` and `tribunal COMMAND --help` say what there is.",
    ),
    (
        "TRIB-VALUE-CLASH",
        "An enum value is spelled like a variable, evidence, artifact or actor.",
        "Rename one of the two.",
    ),
    (
        "TRIB-VERSION",
        "`version` is no integer from 1.",
        "Write `version: 1`, and one more for each new version.",
    ),
    (
        "TRIB-VERSION-TAKEN",
        "The project already keeps another content of this version. What is kept of a version never changes.",
        "Raise `version:`.",
    ),
    (
        "TRIB-WORD",
        "A word that is not one of those allowed there.",
        "Write one of them.",
    ),
    (
        "TRIB-WRONG-KIND",
        "A name of the wrong sort.",
        "Name something of the sort that is wanted.",
    ),
    (
        "TRIB-YAML",
        "The file is not well-formed YAML.",
        "Look at the line and the one above: indentation, quotes, brackets.",
    ),
    (
        "TRIB-YAML-DEPTH",
        "Lists and maps nest deeper than anything in this format.",
        "Check the indentation.",
    ),
    (
        "TRIB-Z3",
        "The embedded Z3 does not pass its self check.",
        "Rebuild against the Z3 that scripts/setup.sh fetches.",
    ),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::check::CheckError;
    use crate::revise::Why;
    use crate::syntax::SyntaxError;

    #[test]
    fn every_code_of_reading_and_checking_is_explained_once() {
        let known: BTreeSet<&str> = all().map(|(code, _, _)| *code).collect();
        assert_eq!(known.len(), all().count(), "a code stands twice");
        for code in SyntaxError::ALL
            .iter()
            .chain(CheckError::ALL)
            .chain(Why::ALL)
        {
            assert!(known.contains(code), "{code} is not explained");
        }
        for table in TABLES {
            assert!(table.is_sorted_by_key(|(code, _, _)| *code));
        }
        for (code, means, fix) in all() {
            assert!(means.ends_with('.') && fix.ends_with('.'), "{code}");
        }
    }

    /// The codes that stand in the program's own text, wherever they are made.
    #[test]
    fn every_code_in_the_source_is_explained() {
        let mut files = vec![std::path::PathBuf::from(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/src"
        ))];
        let mut seen = BTreeSet::new();
        while let Some(path) = files.pop() {
            if path.is_dir() {
                files.extend(
                    std::fs::read_dir(&path)
                        .expect("readable")
                        .map(|e| e.expect("an entry").path()),
                );
            } else if path.extension().is_some_and(|e| e == "rs") {
                let text = std::fs::read_to_string(&path).expect("readable");
                for part in text.split("\"TRIB-").skip(1) {
                    let word: String = part
                        .chars()
                        .take_while(|c| c.is_ascii_uppercase() || "-0123456789".contains(*c))
                        .collect();
                    if !word.is_empty() {
                        seen.insert(format!("TRIB-{word}"));
                    }
                }
            }
        }
        assert!(seen.len() > 60);
        for code in seen {
            assert!(find(&code).is_some(), "{code} is not explained");
        }
    }
}
