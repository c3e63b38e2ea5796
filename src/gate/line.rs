//! What the gate says of one file, as plain data and in every form in which it is told.

use std::collections::BTreeMap;

use quick_junit::{NonSuccessKind, Report as Junit, TestCase, TestCaseStatus, TestSuite};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::approval::How;
use super::event::{ApprovalForm, Identity};
use super::opened::{Opened, Verdict};
use super::person::shown;
use super::reason::{Cause, Reason};
use crate::ir::workflow::Action;
use crate::report::plain;
use crate::report::render::places::Place;
use crate::report::render::sarif::uri;

/// One file, or one workflow whose file is not known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GateLine {
    /// The file; the id where no file is known.
    pub path: String,
    /// `workflow_id`; null where the file has errors.
    pub workflow: Option<String>,
    /// `version`.
    pub version: Option<u32>,
    /// The digest of the file's content, in hexadecimal.
    pub digest: Option<String>,
    /// Whether the gate is open.
    pub open: bool,
    /// How it was approved; null where the gate is shut.
    pub form: Option<ApprovalForm>,
    /// By whom; empty where the gate is shut.
    pub approvals: Vec<ApprovalLine>,
    /// What may be done with it: `implement`, `build`, `release`, and why not, null where it may; empty where the gate is shut.
    pub actions: BTreeMap<String, Option<String>>,
    /// Why the gate is shut; null where it is open, or where the file has errors.
    pub reason: Option<ReasonLine>,
    /// What a person should know all the same.
    pub notes: Vec<String>,
}

/// One approval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ApprovalLine {
    /// Who.
    pub by: Identity,
    /// How that is known.
    pub how: How,
    /// When.
    pub at: String,
}

/// Why the gate is shut.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReasonLine {
    /// Stable: `TRIB-GATE-` and words.
    pub code: String,
    /// In plain words.
    pub message: String,
    /// Where.
    pub place: Option<Place>,
    /// What to do.
    pub help: String,
}

impl From<&Reason> for ReasonLine {
    fn from(reason: &Reason) -> Self {
        Self {
            code: reason.cause.code().to_owned(),
            message: plain::line(&reason.message).into_owned(),
            place: reason.place.clone(),
            help: reason.cause.help().to_owned(),
        }
    }
}

impl GateLine {
    /// A file about which nothing is known yet; shut.
    #[must_use]
    pub fn shut(path: &str) -> Self {
        Self {
            path: plain::line(path).into_owned(),
            workflow: None,
            version: None,
            digest: None,
            open: false,
            form: None,
            approvals: Vec::new(),
            actions: BTreeMap::new(),
            reason: None,
            notes: Vec::new(),
        }
    }

    /// The same with what the gate says.
    #[must_use]
    pub fn with(mut self, verdict: &Verdict) -> Self {
        match verdict {
            Verdict::Shut(reason) => self.reason = Some(reason.into()),
            Verdict::Open(opened) => self.opened(opened),
        }
        self
    }

    fn opened(&mut self, opened: &Opened) {
        self.open = true;
        self.form = Some(opened.form());
        self.approvals = opened
            .approvals()
            .iter()
            .map(|a| ApprovalLine {
                by: a.by.clone(),
                how: a.how,
                at: a.at.clone(),
            })
            .collect();
        self.notes = opened
            .notes()
            .iter()
            .map(|n| plain::line(n).into_owned())
            .collect();
        for action in [Action::Implement, Action::Build, Action::Release] {
            let why = opened.pass(action).err().map(|refusal| refusal.to_string());
            let why = why.map(|w| plain::line(&w).into_owned());
            self.actions.insert(action.word().to_owned(), why);
        }
    }

    fn subject(&self) -> String {
        match (&self.workflow, self.version) {
            (Some(workflow), Some(version)) => format!(" · {workflow} version {version}"),
            (Some(workflow), None) => format!(" · {workflow}"),
            (None, _) => String::new(),
        }
    }

    /// What it comes to, in one sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        match (self.open, &self.reason) {
            (true, _) => {
                let people: Vec<String> = self
                    .approvals
                    .iter()
                    .map(|a| format!("{} ({})", plain::line(&shown(&a.by)), a.how.words()))
                    .collect();
                let form = match self.form {
                    Some(ApprovalForm::ApprovedWithWaiver) => "approved with waiver",
                    Some(ApprovalForm::ApprovedWithProof) | None => "approved with proof",
                };
                format!("{form} by {}", people.join(", "))
            }
            (false, Some(reason)) => reason.message.clone(),
            (false, None) => "it cannot be read".to_owned(),
        }
    }
}

/// For people. `verbose` adds what may be done; `quiet` leaves open gates out.
#[must_use]
pub fn human(lines: &[GateLine], verbose: bool, quiet: bool) -> String {
    let mut out = String::new();
    for line in lines.iter().filter(|l| !quiet || !l.open) {
        let place = line.reason.as_ref().and_then(|r| r.place.as_ref());
        let path = match place {
            Some(p) => format!("{}:{}:{}", line.path, p.line, p.column),
            None => line.path.clone(),
        };
        let word = if line.open { "open" } else { "shut" };
        out.push_str(&format!("{word}  {path}{}\n", line.subject()));
        let code = line.reason.as_ref().map(|r| format!(" [{}]", r.code));
        out.push_str(&format!(
            "      {}{}\n",
            line.sentence(),
            code.unwrap_or_default()
        ));
        if let Some(reason) = &line.reason {
            out.push_str(&format!("      help: {}\n", reason.help));
        }
        for note in &line.notes {
            out.push_str(&format!("      note: {note}\n"));
        }
        for (action, why) in &line.actions {
            match why {
                Some(why) => out.push_str(&format!("      not to {action}: {why}\n")),
                None if verbose => out.push_str(&format!("      may {action}\n")),
                None => {}
            }
        }
    }
    out
}

/// Markdown, for comments on pull requests.
#[must_use]
pub fn markdown(lines: &[GateLine]) -> String {
    let mut out = String::from("| gate | workflow | version | |\n|---|---|---|---|\n");
    for line in lines {
        let safe = |text: &str| {
            let mut safe = String::with_capacity(text.len());
            for c in plain::line(text).chars() {
                if c.is_ascii_punctuation() && !matches!(c, '.' | ',' | '/' | ':' | ' ') {
                    safe.push('\\');
                }
                safe.push(c);
            }
            safe
        };
        let code = line
            .reason
            .as_ref()
            .map_or_else(String::new, |r| format!(" `{}`", r.code));
        out.push_str(&format!(
            "| {} | {} | {} | {}{code} |\n",
            if line.open { "open" } else { "**shut**" },
            safe(&line.path),
            line.version.map_or_else(String::new, |v| v.to_string()),
            safe(&line.sentence()),
        ));
    }
    out
}

/// SARIF 2.1.0: a result for every shut gate.
#[must_use]
pub fn sarif(lines: &[GateLine]) -> Value {
    let rules: Vec<Value> = Cause::ALL
        .iter()
        .map(|c| json!({"id": c.code(), "shortDescription": {"text": c.code()}, "help": {"text": c.help()}}))
        .collect();
    let results: Vec<Value> = lines
        .iter()
        .filter(|l| !l.open)
        .map(|line| {
            let code = line.reason.as_ref().map_or("TRIB-GATE-RECORD", |r| r.code.as_str());
            let place = line.reason.as_ref().and_then(|r| r.place.as_ref());
            let (row, column, length) = place.map_or((1, 1, 0), |p| (p.line, p.column, p.length));
            json!({
                "ruleId": code,
                "ruleIndex": Cause::ALL.iter().position(|c| c.code() == code),
                "level": "error",
                "message": {"text": line.sentence()},
                "locations": [{"physicalLocation": {
                    "artifactLocation": {"uri": uri(&line.path)},
                    "region": {"startLine": row, "startColumn": column, "endColumn": column + length},
                }}],
            })
        })
        .collect();
    json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {"name": "tribunal", "version": env!("CARGO_PKG_VERSION"), "rules": rules}},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

/// JUnit XML: a test case a file.
///
/// # Errors
/// If the XML cannot be written as text.
pub fn junit(lines: &[GateLine]) -> Result<String, quick_junit::SerializeError> {
    let mut suite = TestSuite::new("gate");
    for line in lines {
        let mut status = if line.open {
            TestCaseStatus::success()
        } else {
            TestCaseStatus::non_success(NonSuccessKind::Failure)
        };
        if let Some(reason) = &line.reason {
            status.set_type(reason.code.clone());
        }
        if !line.open {
            status.set_message(line.sentence());
        }
        let mut case = TestCase::new(line.path.clone(), status);
        case.set_classname("gate");
        suite.add_test_case(case);
    }
    let mut junit = Junit::new("tribunal");
    junit.add_test_suite(suite);
    junit.to_string()
}
