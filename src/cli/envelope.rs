//! The one JSON document that every command prints with `--json`, on failure too.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::exit_code::ExitCode;
use crate::finding::{Diagnostic, Level};
use crate::ir::Sources;
use crate::report::plain;
use crate::report::render::json::FindingJson;
use crate::report::render::places::Place;

/// What a command says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Envelope<T> {
    /// The version of tribunal.
    pub tribunal: String,
    /// The command.
    pub command: String,
    /// Whether `exit` is 0.
    pub ok: bool,
    /// The exit code.
    pub exit: u8,
    /// What the command is about; null where it came to nothing.
    pub data: Option<T>,
    /// What a person must look at.
    pub findings: Vec<FindingJson>,
    /// Why something could not be done.
    pub errors: Vec<ErrorJson>,
}

/// One error.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ErrorJson {
    /// Stable: `TRIB-` and words.
    pub code: String,
    /// What is wrong.
    pub message: String,
    /// Where.
    pub spans: Vec<Place>,
    /// What to do.
    pub help: Option<String>,
}

/// One or several of something: a list exactly when several files were named.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum OneOrMany<T> {
    /// For one file.
    One(T),
    /// For several, in their order; null for a file that has errors.
    Many(Vec<Option<T>>),
}

impl<T> Envelope<T> {
    /// The document of a command that ended so.
    #[must_use]
    pub fn new(command: &str, exit: ExitCode, data: Option<T>) -> Self {
        Self {
            tribunal: env!("CARGO_PKG_VERSION").to_owned(),
            command: command.to_owned(),
            ok: exit == ExitCode::Done,
            exit: exit.code(),
            data,
            findings: Vec::new(),
            errors: Vec::new(),
        }
    }
}

impl ErrorJson {
    /// An error without a place.
    #[must_use]
    pub fn new(code: &str, message: &str, help: Option<&str>) -> Self {
        Self {
            code: code.to_owned(),
            message: plain::line(message).into_owned(),
            spans: Vec::new(),
            help: help.map(|h| plain::line(h).into_owned()),
        }
    }

    /// The errors among these; warnings are for people and go to stderr.
    #[must_use]
    pub fn all(sources: &Sources, diagnostics: &[Diagnostic]) -> Vec<Self> {
        diagnostics
            .iter()
            .filter(|d| d.level == Level::Error)
            .map(|d| {
                let spans: Vec<_> = d.labels.iter().map(|(s, _)| *s).collect();
                Self {
                    spans: Place::all(sources, &spans),
                    ..Self::new(d.code, &d.message, d.help.as_deref())
                }
            })
            .collect()
    }
}
