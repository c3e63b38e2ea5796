//! Names that a model's prose speaks of and nobody declared: a sign that it argues about another workflow than the one at
//! hand. A heuristic over spelling; it decides nothing but whether the prose goes back once.

use std::collections::BTreeSet;

use serde_json::Value;
use strsim::levenshtein;

use crate::finding::FindingKind;
use crate::finding::critique::{Change, Critique};
use crate::ir::Workflow;
use crate::ir::canonical::to_full_json;

/// A name that nobody declared.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Drift {
    /// As written.
    pub name: String,
    /// A declared name it may stand for.
    pub near: Option<String>,
}

/// Words of the language and of this program that prose may put in backticks.
const WORDS: &[&str] = &[
    "in_range",
    "can_reach",
    "can_reach_terminal",
    "leads_to",
    "infinitely_often",
    "workflow_id",
    "open_obligations",
    "correctness_risk",
    "abstraction_debt",
    "true",
    "false",
    "none",
    "terminal",
    "state",
    "states",
    "fresh",
    "stale",
    "has",
    "always",
    "never",
    "at",
    "require",
    "ensure",
    "precedes",
    "reachable",
    "eventually",
    "fair",
    "weak",
    "strong",
    "actors",
    "transitions",
    "properties",
    "evidence",
    "artifacts",
    "vars",
    "goal",
    "constraints",
    "policy",
    "version",
    "from",
    "to",
    "when",
    "set",
    "bump",
    "drop",
    "record",
    "choose",
    "needs",
    "success",
    "failure",
    "and",
    "or",
    "not",
    "if",
    "then",
    "else",
    "in",
    "tradeoffs",
    "workflow",
    "revise",
    "accept",
    "reject",
    "answers",
    "reason",
    "human",
    "agent",
    "service",
];

/// Every name in `prose` that looks like one of this workflow's and is not among `known`, each once, in their order:
/// - one of two or more words written together (`NeedsReview`), wherever it stands;
/// - in backticks, or with an underscore: one that is nearly a known name (two letters differ, at most a third of it), or
///   that begins with a capital;
/// - behind the word "state": one that begins with a capital; before it, if it is nearly a known name besides.
#[must_use]
pub fn naming_drift(prose: &[&str], known: &BTreeSet<String>) -> Vec<Drift> {
    let mut found: Vec<Drift> = Vec::new();
    for text in prose {
        let mut before = "";
        let mut all = tokens(text).into_iter().peekable();
        while let Some(token) = all.next() {
            let place = Place {
                spelt: token.quoted || token.word.contains('_'),
                after_state: is_state(before),
                before_state: all.peek().is_some_and(|next| is_state(next.word)),
            };
            before = token.word;
            if let Some(drift) = drift(token.word, &place, known)
                && !found.contains(&drift)
            {
                found.push(drift);
            }
        }
    }
    found
}

/// What speaks for a word being a name.
struct Place {
    /// It is in backticks or has an underscore.
    spelt: bool,
    after_state: bool,
    before_state: bool,
}

fn is_state(word: &str) -> bool {
    matches!(word, "state" | "states")
}

fn drift(word: &str, place: &Place, known: &BTreeSet<String>) -> Option<Drift> {
    if known.contains(word) || is_own_word(word) || word.len() < 3 {
        return None;
    }
    let near = known.iter().filter(|k| is_near(word, k));
    let near = near.min_by_key(|k| levenshtein(word, k)).cloned();
    let capital = word.starts_with(|c: char| c.is_ascii_uppercase())
        && word.contains(|c: char| c.is_ascii_lowercase());
    let looks = joined(word)
        || (place.spelt && (near.is_some() || capital))
        || (capital && (place.after_state || (place.before_state && near.is_some())));
    looks.then(|| Drift {
        name: word.to_owned(),
        near,
    })
}

fn is_near(word: &str, known: &str) -> bool {
    if word.eq_ignore_ascii_case(known) {
        return true;
    }
    let distance = levenshtein(word, known);
    distance <= 2 && distance * 3 <= word.len()
}

/// Two or more words written together, each with a capital.
fn joined(word: &str) -> bool {
    let capitals = word.chars().filter(char::is_ascii_uppercase).count();
    let turns = word
        .as_bytes()
        .windows(2)
        .filter(|w| matches!(w, [a, b] if a.is_ascii_lowercase() && b.is_ascii_uppercase()))
        .count();
    word.starts_with(|c: char| c.is_ascii_uppercase()) && turns >= 1 && capitals >= 2
}

fn is_own_word(word: &str) -> bool {
    WORDS.contains(&word)
        || Change::ACTIONS.contains(&word)
        || FindingKind::from_word(word).is_some()
}

struct Token<'t> {
    word: &'t str,
    quoted: bool,
}

/// The identifiers of a text, and whether they stand in backticks.
fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut all = Vec::new();
    for (n, part) in text.split('`').enumerate() {
        let words = part.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
        all.extend(
            words
                .filter(|w| w.starts_with(|c: char| c.is_ascii_alphabetic()))
                .map(|word| Token {
                    word,
                    quoted: n % 2 == 1,
                }),
        );
    }
    all
}

/// All names of a workflow, and all words that its author wrote in it.
pub(super) fn names(workflow: &Workflow, into: &mut BTreeSet<String>) {
    collect(&to_full_json(workflow), into);
}

/// All names that the changes of a critique bring, and the words of what it rests on.
pub(super) fn added(critique: &Critique, into: &mut BTreeSet<String>) {
    for issue in &critique.issues {
        into.insert(issue.id.clone());
    }
    for recommended in &critique.recommended_changes {
        brought(&recommended.change, into);
    }
}

fn brought(change: &Change, into: &mut BTreeSet<String>) {
    if let Change::AskHuman { id, options, .. } = change {
        into.insert(id.clone());
        for option in options {
            into.insert(option.id.clone());
            for inner in &option.changes {
                brought(&inner.change, into);
            }
        }
    } else if let Ok(value) = serde_json::to_value(change) {
        collect(&value, into);
    }
}

/// All words of all keys and texts.
pub(super) fn collect(value: &Value, into: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => words(text, into),
        Value::Array(items) => items.iter().for_each(|item| collect(item, into)),
        Value::Object(map) => {
            for (key, value) in map {
                words(key, into);
                collect(value, into);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// All words of a text.
pub(super) fn words(text: &str, into: &mut BTreeSet<String>) {
    into.extend(tokens(text).into_iter().map(|t| t.word.to_owned()));
}

/// What to say of drifts to who wrote them.
pub(super) fn told(drifts: &[Drift]) -> Vec<String> {
    drifts
        .iter()
        .map(|d| {
            let near = d
                .near
                .as_deref()
                .map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
            format!("you speak of `{}`, which is not declared{near}", d.name)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(prose: &str) -> Vec<(String, Option<String>)> {
        let known = [
            "Draft",
            "InReview",
            "Merged",
            "approval",
            "ask_revision",
            "GitHub",
        ];
        let known = known.map(str::to_owned).into_iter().collect();
        let drifts = naming_drift(&[prose], &known);
        drifts.into_iter().map(|d| (d.name, d.near)).collect()
    }

    fn one(name: &str, near: Option<&str>) -> Vec<(String, Option<String>)> {
        vec![(name.to_owned(), near.map(str::to_owned))]
    }

    #[test]
    fn names_that_nobody_declared_are_found_with_what_they_may_mean() {
        assert_eq!(
            found("From InRevew it goes on."),
            one("InRevew", Some("InReview"))
        );
        assert_eq!(found("it waits in HumanGate"), one("HumanGate", None));
        assert_eq!(
            found("the state Drafts is stuck"),
            one("Drafts", Some("Draft"))
        );
        assert_eq!(found("`merged` is the end"), one("merged", Some("Merged")));
        assert_eq!(found("`Waiting` has no way out"), one("Waiting", None));
        assert_eq!(
            found("fires ask_revison twice, ask_revison"),
            one("ask_revison", Some("ask_revision"))
        );
        assert_eq!(
            found("when `fresh(aproval)` holds"),
            one("aproval", Some("approval"))
        );
    }

    #[test]
    fn plain_words_known_names_and_the_words_of_the_language_are_none() {
        for prose in [
            "The draft was reviewed and merged. Approvals count. Review it again.",
            "From `Draft` to `InReview`, where `fresh(approval) and not stale(approval)` holds on GitHub.",
            "A `deadlock` is answered by `add_transition`; `in_range` and `can_reach_terminal` hold.",
            "A state machine. The states are fine; each state is. TLC and SMT agree: F-12ab, `BLOCKING`.",
            "",
        ] {
            assert_eq!(found(prose), [], "{prose}");
        }
    }
}
