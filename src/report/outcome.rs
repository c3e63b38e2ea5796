//! A report: plain data, complete without the system it speaks of, so that it can be rendered, stored and hashed.

use super::assurance::Assurance;
use super::run::Run;
use super::verdict::{PropertyVerdict, Verdict};
use crate::finding::{CoreItem, Engine, FindingKind, Severity, States, Subject};
use crate::ir::Span;

/// What a report is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// The file as the user named it.
    pub file: String,
    /// `workflow_id`; `None` for a policy file.
    pub workflow: Option<String>,
    /// `version`; `None` for a policy file.
    pub version: Option<u32>,
    /// The IR's digest (S-12), in hexadecimal; for a policy file that of its text.
    pub digest: String,
}

/// Everything a run of `verify` concludes about one file.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// About what.
    pub about: About,
    /// The whole.
    pub verdict: Verdict,
    /// How big the search was; `None` where nothing searched.
    pub states: Option<States>,
    /// In the order of the system; only those that were asked for.
    pub properties: Vec<PropertyResult>,
    /// In the order of [`Engine::ALL`]; also those that are missing.
    pub engines: Vec<EngineResult>,
    /// Most severe first, then by kind, then by place.
    pub findings: Vec<Finding>,
}

/// One row of the evidence matrix.
#[derive(Debug, Clone, PartialEq)]
pub struct PropertyResult {
    /// Its id.
    pub id: String,
    /// The key of its form.
    pub form: &'static str,
    /// Whether it is automatic.
    pub automatic: bool,
    /// What all engines together say.
    pub verdict: PropertyVerdict,
    /// How much a `holds` is worth; [`Assurance::None`] for any other verdict.
    pub assurance: Assurance,
    /// Transitions whose fairness a `holds` rests on, sorted.
    pub assumptions: Vec<String>,
    /// Those of them that a person fires.
    pub human_assumptions: Vec<String>,
    /// S-16.
    pub expect_violated: bool,
    /// `requirement:`.
    pub requirement: Option<String>,
    /// One per engine of the report, in the same order.
    pub cells: Vec<AnswerCell>,
}

/// What one engine said about one property.
#[derive(Debug, Clone, PartialEq)]
pub struct AnswerCell {
    /// Who.
    pub engine: Engine,
    /// Its version, where it ran.
    pub version: Option<String>,
    /// `holds`, `violated`, `unknown`, `unavailable`, `error`, `not_asked`.
    pub answer: &'static str,
    /// The engine gave a run that does not replay; the answer is `error` then.
    pub unreplayable: bool,
    /// The engine ran out of time, memory or states; the answer is `unknown` then.
    pub out_of_budget: bool,
    /// Why, for the last four; also why a run does not replay.
    pub why: Option<String>,
    /// `exhaustive`, `inductive`, `bounded 12`, `all values`, `theorem`.
    pub covered: Option<String>,
    /// Distinct states, of an exhaustive answer.
    pub distinct: Option<u64>,
    /// The theorem's name.
    pub theorem: Option<String>,
    /// Wall seconds.
    pub seconds: Option<f64>,
}

/// What became of one engine.
#[derive(Debug, Clone, PartialEq)]
pub struct EngineResult {
    /// Which.
    pub engine: Engine,
    /// Whether it ran to its end.
    pub available: bool,
    /// Its version, where known.
    pub version: Option<String>,
    /// Why not, and how to get it.
    pub reason: Option<String>,
    /// Whether its answers are needed.
    pub needed: bool,
    /// Wall seconds.
    pub seconds: f64,
    /// The exact commands.
    pub commands: Vec<String>,
    /// Whether its answers are those of an earlier run on the same input.
    pub cached: bool,
}

/// Something a person must look at.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// Stable: see [`super::finding_id`].
    pub id: String,
    /// Which kind.
    pub kind: FindingKind,
    /// How severe, by the table of findings.
    pub severity: Severity,
    /// In plain words, without control characters.
    pub title: String,
    /// About what.
    pub subject: Subject,
    /// The property it comes from.
    pub property: Option<String>,
    /// Places, the one to point at first.
    pub spans: Vec<Span>,
    /// The run that shows it.
    pub run: Option<Run>,
    /// The rules or conjuncts that cause it.
    pub core: Vec<CoreItem>,
    /// More, a sentence each.
    pub notes: Vec<String>,
    /// What to do, a sentence each.
    pub suggestions: Vec<String>,
    /// Engines that found it, in the order of [`Engine::ALL`]; empty where the file alone shows it.
    pub confirmed_by: Vec<Engine>,
}

impl Report {
    /// The number of findings of this severity.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.findings
            .iter()
            .filter(|f| f.severity == severity)
            .count()
    }
}
