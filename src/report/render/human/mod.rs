//! The report for a person in a terminal: what to look at first, why, what to do, and what each engine said.

mod block;
mod matrix;
mod paint;
mod snippet;
mod steps;
mod summary;

pub use paint::{Paint, Style};
pub use steps::{describe, steps_plain};

use super::Page;
use crate::finding::{Diagnostic, Level};
use crate::ir::Sources;
use crate::report::plain;

/// The report as text that ends with a line end.
#[must_use]
pub fn render(page: Page<'_>, style: &Style) -> String {
    let paint = Paint::new(style);
    let about = &page.report.about;
    let mut out = String::new();
    let what = match (&about.workflow, about.version) {
        (Some(id), Some(version)) => format!("{id} version {version}"),
        (Some(id), None) => id.clone(),
        (None, _) => "policy".to_owned(),
    };
    out.push_str(&format!(
        "{} {}\n",
        paint.strong(&plain::line(&about.file)),
        paint.dim(&format!("· {what}"))
    ));
    block::findings(&mut out, page, &paint);
    matrix::matrix(&mut out, page.report, &paint);
    summary::summary(&mut out, page.report, &paint);
    out
}

/// What a file alone shows, no engine asked.
#[must_use]
pub fn checked(page: Page<'_>, style: &Style) -> String {
    let paint = Paint::new(style);
    let about = &page.report.about;
    let mut out = String::new();
    block::findings(&mut out, page, &paint);
    if !out.is_empty() {
        out.push('\n');
    }
    let what = match (&about.workflow, about.version) {
        (Some(id), Some(version)) => format!("{id} version {version}"),
        (Some(id), None) => id.clone(),
        (None, _) => "policy".to_owned(),
    };
    let digest = about.digest.get(..12).unwrap_or(&about.digest);
    let told = summary::counts(page.report).unwrap_or_else(|| "nothing to fix here".to_owned());
    let word = summary::word(page.report.verdict, &paint);
    let tail = paint.dim(&format!("· {what} · digest {digest} · no engine was asked"));
    out.push_str(&format!(
        "{}: {word}: {told} {tail}\n",
        plain::line(&about.file)
    ));
    out
}

/// Errors and warnings about files, the user's lines shown.
#[must_use]
pub fn diagnostics(sources: &Sources, all: &[Diagnostic], style: &Style) -> String {
    let mut out = String::new();
    for one in all {
        let severity = match one.level {
            Level::Error => miette::Severity::Error,
            Level::Warning => miette::Severity::Warning,
        };
        let shown = snippet::Snippet {
            severity,
            title: plain::line(&one.message).into_owned(),
            labels: one
                .labels
                .iter()
                .map(|(s, l)| (*s, plain::line(l).into_owned()))
                .collect(),
            sources,
        };
        out.push_str(&shown.render(style));
        let paint = Paint::new(style);
        if let Some(help) = &one.help {
            paint.entry(&mut out, "help", &plain::line(help));
        }
        out.push_str(&format!("  {}\n\n", paint.dim(one.code)));
    }
    out
}
