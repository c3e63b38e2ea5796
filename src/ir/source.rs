//! The texts that spans point into.

use super::span::{SourceId, Span};

/// The files read in one run, by [`SourceId`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sources {
    files: Vec<SourceFile>,
}

/// One file: its name as the user would write it, and its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// As shown to the user.
    pub name: String,
    /// The whole text.
    pub text: String,
}

impl Sources {
    /// Adds a file; its id.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> SourceId {
        let id = SourceId(u16::try_from(self.files.len()).unwrap_or(u16::MAX));
        self.files.push(SourceFile {
            name: name.into(),
            text: text.into(),
        });
        id
    }

    /// A file.
    #[must_use]
    pub fn get(&self, id: SourceId) -> Option<&SourceFile> {
        self.files.get(usize::from(id.0))
    }

    /// The text of a span; empty for one that does not fit its file.
    #[must_use]
    pub fn text(&self, span: Span) -> &str {
        let (start, end) = (span.start as usize, span.start as usize + span.len as usize);
        self.get(span.source)
            .and_then(|f| f.text.get(start..end))
            .unwrap_or("")
    }

    /// Line and column (both from 1, columns in characters) of a span's start; 0, 0 for an unknown file.
    #[must_use]
    pub fn line_column(&self, span: Span) -> (usize, usize) {
        let Some(before) = self
            .get(span.source)
            .and_then(|f| f.text.get(..span.start as usize))
        else {
            return (0, 0);
        };
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        (line, column)
    }
}
