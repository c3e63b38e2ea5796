//! Places in files as people and programs count them.

use crate::ir::{Sources, Span};
use crate::report::plain;

/// A place: file, line and column from 1, columns and length in characters.
#[derive(
    Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// The file, as the user named it.
    pub file: String,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// In characters, within the first line.
    pub length: usize,
}

impl Place {
    /// The place of a span; `None` when it points into no known file.
    #[must_use]
    pub fn of(sources: &Sources, span: Span) -> Option<Self> {
        let file = sources.get(span.source)?;
        let (line, column) = sources.line_column(span);
        let length = sources
            .text(span)
            .lines()
            .next()
            .unwrap_or("")
            .chars()
            .count();
        Some(Self {
            file: plain::line(&file.name).into_owned(),
            line,
            column,
            length,
        })
    }

    /// The places of several spans, in order.
    #[must_use]
    pub fn all(sources: &Sources, spans: &[Span]) -> Vec<Self> {
        spans.iter().filter_map(|s| Self::of(sources, *s)).collect()
    }
}
