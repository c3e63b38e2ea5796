//! Guesses which names were renamed: a state that is entered and left by the same transitions as the one that is gone, a
//! transition that does the very same. A guess is made only where it is the only one, and is told as a guess.

use std::collections::BTreeMap;

use crate::check::CheckedWorkflow;
use crate::ir::StateId;
use crate::revise::diff::elements::Element;
use crate::revise::diff::value::{Part, Rename};

/// Names of the old version and what they are called in the new one; names that are not in here are called the same.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    states: BTreeMap<String, String>,
    transitions: BTreeMap<String, String>,
}

impl Names {
    /// By these guesses.
    #[must_use]
    pub fn of(renames: &[Rename]) -> Self {
        let part = |part| {
            renames
                .iter()
                .filter(|r| r.part == part)
                .map(|r| (r.old.clone(), r.new.clone()))
                .collect()
        };
        Self {
            states: part(Part::State),
            transitions: part(Part::Transition),
        }
    }

    /// What an old state is called.
    #[must_use]
    pub fn state<'n>(&'n self, old: &'n str) -> &'n str {
        self.states.get(old).map_or(old, String::as_str)
    }

    /// What an old transition is called.
    #[must_use]
    pub fn transition<'n>(&'n self, old: &'n str) -> &'n str {
        self.transitions.get(old).map_or(old, String::as_str)
    }

    /// Whether nothing is renamed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.states.is_empty() && self.transitions.is_empty()
    }
}

/// The old version and the new one.
#[derive(Debug, Clone, Copy)]
pub struct Pair<'a> {
    /// The old one.
    pub old: (&'a CheckedWorkflow, &'a [Element]),
    /// The new one.
    pub new: (&'a CheckedWorkflow, &'a [Element]),
}

/// All guesses.
#[must_use]
pub fn renames(pair: Pair<'_>) -> Vec<Rename> {
    let states = only_pairs(pair, Part::State, |a, b| same_use(pair, a, b));
    let mut all: Vec<Rename> = states
        .into_iter()
        .map(|(old, new)| Rename {
            part: Part::State,
            old,
            new,
            why: "the same transitions enter and leave it".to_owned(),
        })
        .collect();
    let names = Names::of(&all);
    let transitions = only_pairs(pair, Part::Transition, |a, b| same_fields(a, b, &names));
    all.extend(transitions.into_iter().map(|(old, new)| Rename {
        part: Part::Transition,
        old,
        new,
        why: "it says the same in every key".to_owned(),
    }));
    all
}

/// Entries of a part that only one version has and that fit each other and nothing else.
fn only_pairs(
    pair: Pair<'_>,
    part: Part,
    fit: impl Fn(&Element, &Element) -> bool,
) -> Vec<(String, String)> {
    let missing = |from: &'_ [Element], other: &[Element]| -> Vec<Element> {
        from.iter()
            .filter(|e| e.part == part && !other.iter().any(|o| o.part == part && o.name == e.name))
            .cloned()
            .collect()
    };
    let gone = missing(pair.old.1, pair.new.1);
    let come = missing(pair.new.1, pair.old.1);
    let mut found = Vec::new();
    for a in &gone {
        let mut candidates = come.iter().filter(|b| fit(a, b));
        if let (Some(b), None) = (candidates.next(), candidates.next())
            && gone.iter().filter(|x| fit(x, b)).count() == 1
        {
            found.push((a.name.clone(), b.name.clone()));
        }
    }
    found
}

/// Whether both say the same of themselves and the same transitions, at least one, enter and leave them.
fn same_use(pair: Pair<'_>, a: &Element, b: &Element) -> bool {
    let used = |w: &CheckedWorkflow, name: &str| -> Vec<(String, bool, bool)> {
        let id = (0u16..)
            .map(StateId)
            .zip(&w.symbols.states)
            .find(|(_, s)| s.name.as_str() == name)
            .map(|(id, _)| id);
        let mut all: Vec<(String, bool, bool)> = w
            .transitions
            .iter()
            .map(|t| {
                (
                    t.name.to_string(),
                    id.is_some_and(|id| t.from.contains(&id)),
                    id.is_some() && t.to == id,
                )
            })
            .filter(|(_, leaves, enters)| *leaves || *enters)
            .collect();
        all.sort();
        all
    };
    let (mine, other) = (used(pair.old.0, &a.name), used(pair.new.0, &b.name));
    let same_keys = ["terminal", "needs"].iter().all(|k| a.text(k) == b.text(k));
    same_keys && !mine.is_empty() && mine == other
}

/// Whether two transitions say the same, renamed states aside.
fn same_fields(a: &Element, b: &Element, names: &Names) -> bool {
    let renamed = |key: &str, text: &str| match key {
        "to" => names.state(text).to_owned(),
        "from" => {
            let inner = text.trim_start_matches('[').trim_end_matches(']');
            let all: Vec<&str> = inner.split(", ").map(|s| names.state(s)).collect();
            format!("[{}]", all.join(", "))
        }
        _ => text.to_owned(),
    };
    a.fields.len() == b.fields.len()
        && a.fields
            .iter()
            .zip(&b.fields)
            .all(|(f, g)| f.key == g.key && renamed(&f.key, &f.text) == g.text)
}
