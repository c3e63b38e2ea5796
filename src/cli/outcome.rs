//! What a command comes to, before it is written out.

use serde::Serialize;
use serde_json::Value;

use super::envelope::{Envelope, ErrorJson};
use super::exit_code::ExitCode;
use super::screen::Screen;
use crate::finding::Diagnostic;
use crate::ir::Sources;
use crate::report::plain;
use crate::report::render::human;
use crate::report::render::json::FindingJson;

/// Everything a command has to say.
#[derive(Debug)]
pub struct Outcome {
    /// How it ends.
    pub exit: ExitCode,
    /// For stdout, without `--json`.
    pub text: String,
    /// For stderr, always.
    pub prose: String,
    /// `data`.
    pub data: Option<Value>,
    /// `findings`.
    pub findings: Vec<FindingJson>,
    /// `errors`; with a text of their own in `prose`.
    pub errors: Vec<ErrorJson>,
}

impl Outcome {
    /// Done, with this text and data.
    #[must_use]
    pub fn done(text: String, data: &impl Serialize) -> Self {
        Self {
            exit: ExitCode::Done,
            text,
            prose: String::new(),
            data: serde_json::to_value(data).ok(),
            findings: Vec::new(),
            errors: Vec::new(),
        }
    }

    /// Nothing yet.
    #[must_use]
    pub fn empty() -> Self {
        Self {
            exit: ExitCode::Done,
            text: String::new(),
            prose: String::new(),
            data: None,
            findings: Vec::new(),
            errors: Vec::new(),
        }
    }

    /// Not done, for one reason.
    #[must_use]
    pub fn failed(exit: ExitCode, code: &str, message: &str, help: Option<&str>) -> Self {
        let mut outcome = Self::empty();
        outcome.fail(exit, code, message, help);
        outcome
    }

    /// Adds a reason why something was not done.
    pub fn fail(&mut self, exit: ExitCode, code: &str, message: &str, help: Option<&str>) {
        self.exit = self.exit.and(exit);
        self.prose
            .push_str(&format!("error: {} [{code}]\n", plain::line(message)));
        if let Some(help) = help {
            self.prose
                .push_str(&format!("  help: {}\n", plain::line(help)));
        }
        self.errors.push(ErrorJson::new(code, message, help));
    }

    /// Adds errors and warnings about a file; errors make the exit code that of an invalid file.
    pub fn diagnostics(&mut self, sources: &Sources, all: &[Diagnostic], screen: &Screen) {
        let errors = ErrorJson::all(sources, all);
        if !errors.is_empty() {
            self.exit = self.exit.and(ExitCode::Invalid);
        }
        self.errors.extend(errors);
        self.prose
            .push_str(&human::diagnostics(sources, all, &screen.stderr));
    }

    /// The document for `--json`.
    #[must_use]
    pub fn envelope(&self, command: &str) -> Envelope<Value> {
        Envelope {
            findings: self.findings.clone(),
            errors: self.errors.clone(),
            ..Envelope::new(command, self.exit, self.data.clone())
        }
    }
}
