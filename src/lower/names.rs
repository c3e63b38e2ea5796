//! One reversible table of names for every target language: what a user called something, and what the generated text calls it.
//!
//! A name is kept as it is where that is harmless. It is changed when the target reserves it, or when something given earlier
//! wants the same; then it gets a number behind, `_2`, `_3`, …. Two keys never share an identifier, so the table can be
//! read backwards.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;

/// What a target language keeps for itself. The generated text's own fixed names belong here too.
#[derive(Debug, Clone, Copy)]
pub struct Reserved<'a> {
    /// Whole words, in any number of lists.
    pub words: &'a [&'a [&'a str]],
    /// Beginnings of words, such as `WF_` in TLA+.
    pub prefixes: &'a [&'a str],
}

/// Identifiers by key, and keys by identifier. Every identifier has the form `[A-Za-z][A-Za-z0-9_]*`.
#[derive(Debug, Clone)]
pub struct Names<K> {
    identifiers: HashMap<K, String>,
    keys: BTreeMap<String, K>,
}

impl<K: Clone + Eq + Hash> Names<K> {
    /// Gives every key an identifier as near as possible to the text wanted for it. The text may be anything: what cannot
    /// stand in an identifier becomes `_`. Where several keys want one identifier the earliest has it. A key given twice
    /// keeps what it got first.
    #[must_use]
    pub fn new(reserved: &Reserved<'_>, wanted: impl IntoIterator<Item = (K, String)>) -> Self {
        let mut names = Self {
            identifiers: HashMap::new(),
            keys: BTreeMap::new(),
        };
        // Two rounds, so that a number put behind one name never takes a name that another has as its own.
        let mut later = Vec::new();
        for (key, text) in wanted {
            let plain = identifier(&text);
            if reserved.forbids(&plain) || names.keys.contains_key(&plain) {
                later.push((key, plain));
            } else {
                names.give(key, plain);
            }
        }
        for (key, plain) in later {
            let numbered = (2u64..)
                .map(|n| format!("{}{plain}_{n}", reserved.escape(&plain)))
                .find(|name| !reserved.forbids(name) && !names.keys.contains_key(name));
            if let Some(name) = numbered {
                names.give(key, name);
            }
        }
        names
    }

    fn give(&mut self, key: K, name: String) {
        if !self.identifiers.contains_key(&key) {
            self.identifiers.insert(key.clone(), name.clone());
            self.keys.insert(name, key);
        }
    }

    /// The identifier of a key; `?`, which no target language takes for a name, for a key that was not given.
    #[must_use]
    pub fn of(&self, key: &K) -> &str {
        self.identifiers.get(key).map_or("?", String::as_str)
    }

    /// What an identifier stands for.
    #[must_use]
    pub fn back(&self, identifier: &str) -> Option<&K> {
        self.keys.get(identifier)
    }

    /// All identifiers with what they stand for, in alphabetical order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &K)> {
        self.keys.iter().map(|(name, key)| (name.as_str(), key))
    }
}

impl Reserved<'_> {
    fn forbids(&self, name: &str) -> bool {
        self.words.iter().any(|list| list.contains(&name))
            || self.prefixes.iter().any(|prefix| name.starts_with(prefix))
    }

    /// A number behind does not help against a forbidden beginning; something before it does.
    fn escape(&self, name: &str) -> &'static str {
        ["", "x", "id_"]
            .into_iter()
            .find(|before| {
                let name = format!("{before}{name}");
                !self.prefixes.iter().any(|prefix| name.starts_with(prefix))
            })
            .unwrap_or("id_")
    }
}

/// The nearest identifier: other characters become `_`, and one that does not begin with a letter gets one.
fn identifier(text: &str) -> String {
    let mut name: String = text
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .collect();
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        name.insert(0, 'x');
    }
    name
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    const WORDS: Reserved<'static> = Reserved {
        words: &[&["Next", "x_2", "if"], &["vars"]],
        prefixes: &["WF_", "xWF_"],
    };

    fn table(wanted: &[&str]) -> Names<usize> {
        Names::new(
            &WORDS,
            wanted.iter().enumerate().map(|(i, w)| (i, (*w).to_owned())),
        )
    }

    #[test]
    fn harmless_names_stay_and_the_others_get_a_number() {
        let names = table(&["Draft", "Next", "x", "x", "Next_2", "Draft", "state:A b"]);
        let got: Vec<&str> = (0..7).map(|k| names.of(&k)).collect();
        assert_eq!(
            got,
            [
                "Draft",
                "Next_3",
                "x",
                "x_3",
                "Next_2",
                "Draft_2",
                "state_A_b"
            ]
        );
        assert_eq!(names.back("Next_3"), Some(&1));
        assert_eq!(names.back("Next"), None);
    }

    #[test]
    fn a_forbidden_beginning_gets_something_before_it() {
        let names = table(&["WF_a", "9", "", "é"]);
        assert_eq!(names.of(&0), "id_WF_a_2");
        assert_eq!(
            [names.of(&1), names.of(&2), names.of(&3)],
            ["x9", "x", "x_"]
        );
    }

    #[test]
    fn a_key_that_was_not_given_has_no_identifier() {
        assert_eq!(table(&["a"]).of(&1), "?");
    }

    proptest! {
        #[test]
        fn every_table_is_injective_reversible_and_clear_of_reserved_words(
            wanted in prop::collection::vec(
                prop_oneof!["[xN]_?[2-4]?", "(WF_|xWF_|if|vars|Next|x)(_2|_3)?", "[A-Za-z][A-Za-z0-9_]{0,63}", ".{0,8}"],
                0..30,
            )
        ) {
            let names = Names::new(&WORDS, wanted.iter().cloned().enumerate());
            let mut seen = HashSet::new();
            for (key, text) in wanted.iter().enumerate() {
                let name = names.of(&key);
                prop_assert!(seen.insert(name), "{name} twice");
                prop_assert_eq!(names.back(name), Some(&key));
                prop_assert!(!["Next", "x_2", "if", "vars"].contains(&name));
                prop_assert!(!name.starts_with("WF_") && !name.starts_with("xWF_"));
                let mut letters = name.chars();
                prop_assert!(letters.next().is_some_and(|c| c.is_ascii_alphabetic()));
                prop_assert!(letters.all(|c| c.is_ascii_alphanumeric() || c == '_'));
                // Unchanged when nothing stands against it.
                let free = wanted.iter().take(key).all(|other| identifier(other) != *text)
                    && !["Next", "x_2", "if", "vars"].contains(&text.as_str())
                    && !text.starts_with("WF_") && !text.starts_with("xWF_")
                    && crate::ir::Name::new(text).is_some();
                if free { prop_assert_eq!(name, text); }
            }
        }
    }
}
