//! `tribunal check FILE...`: reads files and says what is wrong with them. No engine runs.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::args::Files;
use super::envelope::OneOrMany;
use super::exit_code::ExitCode;
use super::outcome::Outcome;
use super::screen::Screen;
use crate::pipeline::check_only;
use crate::report::Verdict;
use crate::report::render::{Page, human, json};

/// `data` of `check`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckJson {
    /// The file.
    pub file: String,
    /// `workflow_id`; null for a policy file.
    pub workflow: Option<String>,
    /// `version`; null for a policy file.
    pub version: Option<u32>,
    /// The digest, in hexadecimal.
    pub digest: String,
    /// What the file alone shows: `clean`, `warnings`, `blocking`. No engine has been asked.
    pub verdict: Verdict,
}

/// Runs it.
#[must_use]
pub fn run(args: &Files, screen: &Screen) -> Outcome {
    let mut outcome = Outcome::empty();
    let mut data: Vec<Option<CheckJson>> = Vec::new();
    for path in &args.files {
        match check_only(path) {
            Ok(checked) => {
                outcome.diagnostics(&checked.sources, &checked.warnings, screen);
                let page = Page {
                    report: &checked.report,
                    sources: &checked.sources,
                };
                let report = page.report;
                outcome.findings.extend(json::findings(page));
                outcome.text.push_str(&human::checked(page, &screen.stdout));
                outcome.exit = outcome.exit.and(match report.verdict {
                    Verdict::Blocking => ExitCode::Shut,
                    Verdict::Clean | Verdict::Warnings | Verdict::Inconclusive => ExitCode::Done,
                });
                data.push(Some(CheckJson {
                    file: report.about.file.clone(),
                    workflow: report.about.workflow.clone(),
                    version: report.about.version,
                    digest: report.about.digest.clone(),
                    verdict: report.verdict,
                }));
            }
            Err(error) => {
                outcome.diagnostics(&error.sources, &error.diagnostics, screen);
                data.push(None);
            }
        }
    }
    outcome.data = one_or_many(data);
    outcome
}

/// The `data` of a command on one or several files.
pub(super) fn one_or_many<T: Serialize>(mut data: Vec<Option<T>>) -> Option<serde_json::Value> {
    let data = if data.len() == 1 {
        OneOrMany::One(data.pop().flatten()?)
    } else {
        OneOrMany::Many(data)
    };
    serde_json::to_value(data).ok()
}
