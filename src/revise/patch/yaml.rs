//! New parts of a text, written so that YAML reads exactly what is meant: names as they are, all other texts in double
//! quotes with everything escaped that could end them.

use std::fmt::Write as _;

/// A value to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Yaml {
    /// A name, a word of the format or an integer.
    Word(String),
    /// Any text, also an expression that stands for itself.
    Text(String),
    /// A short expression among others: without quotes where nothing in it needs them.
    Value(String),
    /// A list.
    List(Vec<Yaml>),
    /// A map.
    Map(Vec<(String, Yaml)>),
    /// A list, one line each where there is room.
    Items(Vec<Yaml>),
    /// A map, one line each where there is room.
    Lines(Vec<(String, Yaml)>),
}

/// How to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Style {
    /// What ends a line.
    pub newline: &'static str,
    /// The file is JSON: keys and texts are quoted.
    pub json: bool,
}

impl Yaml {
    /// Names, as a list.
    pub(super) fn words<'a>(names: impl IntoIterator<Item = &'a String>) -> Self {
        Self::List(names.into_iter().cloned().map(Self::Word).collect())
    }

    /// On one line.
    pub(super) fn flow(&self, style: Style) -> String {
        match self {
            Self::Word(word) if style.json && word.parse::<i64>().is_err() => quoted(word),
            Self::Word(word) => word.clone(),
            Self::Text(text) => quoted(text),
            Self::Value(e)
                if e.parse::<i64>().is_ok() || matches!(e.as_str(), "true" | "false") =>
            {
                e.clone()
            }
            Self::Value(e) if !style.json && is_plain(e) => e.clone(),
            Self::Value(e) => quoted(e),
            Self::List(items) | Self::Items(items) => {
                let items: Vec<String> = items.iter().map(|i| i.flow(style)).collect();
                format!("[{}]", items.join(", "))
            }
            Self::Map(entries) | Self::Lines(entries) => {
                let entries: Vec<String> = entries
                    .iter()
                    .map(|(k, v)| format!("{}: {}", key(k, style), v.flow(style)))
                    .collect();
                format!("{{{}}}", entries.join(", "))
            }
        }
    }

    /// What follows `key:` in a block map whose keys stand at this column: a blank and one line, or lines of their own.
    pub(super) fn after_key(&self, column: usize, style: Style) -> String {
        let start = format!("{}{}", style.newline, " ".repeat(column + 2));
        match self {
            Self::Items(items) => items
                .iter()
                .map(|i| format!("{start}- {}", i.flow(style)))
                .collect(),
            Self::Lines(entries) => entries
                .iter()
                .map(|(k, v)| {
                    format!(
                        "{start}{}:{}",
                        key(k, style),
                        v.after_key(column + 2, style)
                    )
                })
                .collect(),
            Self::Word(_) | Self::Text(_) | Self::Value(_) | Self::List(_) | Self::Map(_) => {
                format!(" {}", self.flow(style))
            }
        }
    }
}

/// A key as it is written.
pub(super) fn key(text: &str, style: Style) -> String {
    if style.json {
        quoted(text)
    } else {
        text.to_owned()
    }
}

/// Letters, digits, blanks and signs that mean nothing to YAML inside a plain scalar.
fn is_plain(e: &str) -> bool {
    e.starts_with(|c: char| c.is_ascii_alphabetic())
        && e.bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b' ' | b'+' | b'.' | b'-'))
        && !e.contains(" - ")
}

/// A text in double quotes.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            // What YAML does not print, what breaks lines, and what reorders them on a screen.
            '\u{0}'..='\u{1f}'
            | '\u{7f}'..='\u{a0}'
            | '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{e000}'..='\u{f8ff}'
            | '\u{feff}'
            | '\u{fff0}'..='\u{ffff}' => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            '\u{e0000}'.. => {
                let _ = write!(out, "\\U{:08X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
