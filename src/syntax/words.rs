//! The words that cannot be names: those of the grammar, those with a fixed meaning, and what some YAML reader takes for something else.

/// Words of the grammar and words with a fixed meaning.
pub(in crate::syntax) const RESERVED: &[&str] = &[
    "or", "and", "not", "in", "true", "false", "none", "terminal", "state", "me", "any", "from",
    "fresh", "stale", "has", "len", "count", "forall", "exists", "if", "then", "else",
];

/// Words that YAML 1.1 or 1.2 reads as a boolean or as nothing, in any case.
const YAML_WORDS: &[&str] = &["on", "off", "yes", "no", "y", "n", "true", "false", "null"];

/// Why a word cannot be a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// It is a word of the grammar or has a fixed meaning.
    Grammar,
    /// Some YAML reader takes it for something else.
    Yaml,
}

impl Reason {
    /// In words.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Grammar => "it is a word of the expression language",
            Self::Yaml => "some YAML readers take it for a boolean or for nothing",
        }
    }
}

/// Why `word` cannot be a name, `None` if it can.
#[must_use]
pub fn why_reserved(word: &str) -> Option<Reason> {
    if RESERVED.contains(&word) {
        Some(Reason::Grammar)
    } else if YAML_WORDS.iter().any(|w| w.eq_ignore_ascii_case(word)) {
        Some(Reason::Yaml)
    } else {
        None
    }
}
