//! Shows a report: for people, for programs, for code hosts and test dashboards. Pure: report in, text out; same input, same
//! bytes. Every text that came from a file or another program passes `plain` before it is shown.

pub mod human;
pub mod json;
pub mod junit;
pub mod markdown;
pub mod places;
pub mod sarif;

use crate::ir::Sources;

use super::outcome::Report;

/// The forms a report can be written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// For people, in a terminal.
    Human,
    /// One document, as described in `formal/schema/report.schema.json`.
    Json,
    /// SARIF 2.1.0, for code hosts.
    Sarif,
    /// JUnit XML, for test dashboards.
    Junit,
    /// Markdown, for comments on pull requests.
    Markdown,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Human,
        Self::Json,
        Self::Sarif,
        Self::Junit,
        Self::Markdown,
    ];

    /// The word for it on the command line.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Json => "json",
            Self::Sarif => "sarif",
            Self::Junit => "junit",
            Self::Markdown => "markdown",
        }
    }

    /// The format of this name.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|f| f.word() == word)
    }
}

/// A report and the texts its places point into.
#[derive(Debug, Clone, Copy)]
pub struct Page<'a> {
    /// The report.
    pub report: &'a Report,
    /// The files it speaks of.
    pub sources: &'a Sources,
}
