//! The words that cannot be names: those of the grammar, those with a fixed meaning, and what some YAML reader takes for something else.

/// Words of the grammar and words with a fixed meaning.
const RESERVED: &[&str] = &[
    "or", "and", "not", "in", "true", "false", "none", "terminal", "state", "me", "any", "from",
    "fresh", "stale", "has", "len", "count", "forall", "exists", "if", "then", "else",
];

/// Words that YAML 1.1 or 1.2 reads as a boolean or as nothing, in any case.
const YAML_WORDS: &[&str] = &["on", "off", "yes", "no", "y", "n", "true", "false", "null"];

/// Why `word` cannot be a name, `None` if it can.
pub fn why_reserved(word: &str) -> Option<&'static str> {
    if RESERVED.contains(&word) {
        Some("it is a word of the expression language")
    } else if YAML_WORDS.iter().any(|w| w.eq_ignore_ascii_case(word)) {
        Some("some YAML readers take it for a boolean or for nothing")
    } else {
        None
    }
}
