//! The report as JSON: the shapes behind `formal/schema/report.schema.json`. Absent values are null, never omitted.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Page;
use super::places::Place;
use crate::finding::{CoreItem, Severity};
use crate::ir::Sources;
use crate::report::assurance::Assurance;
use crate::report::outcome::{Finding, PropertyResult};
use crate::report::plain;
use crate::report::run::{RunStep, Shown};
use crate::report::verdict::{PropertyVerdict, Verdict};

/// `data` of `verify`, for one file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportJson {
    /// `workflow_id`; null for a policy file.
    pub workflow: Option<String>,
    /// `version`; null for a policy file.
    pub version: Option<u32>,
    /// The digest of the IR, in hexadecimal.
    pub digest: String,
    /// The whole.
    pub verdict: Verdict,
    /// How big the search was; null where nothing searched.
    pub states: Option<StatesJson>,
    /// The rows of the evidence matrix.
    pub properties: Vec<PropertyJson>,
    /// The engines, also those that are not there.
    pub engines: Vec<EngineJson>,
}

/// How big a search was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StatesJson {
    /// Distinct states.
    pub distinct: u64,
    /// Steps between them; null where the engine counts otherwise.
    pub steps: Option<u64>,
    /// Longest shortest path, in steps; null where not known.
    pub depth: Option<u64>,
}

/// One property.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PropertyJson {
    /// Its id.
    pub id: String,
    /// Its key in the IR.
    pub form: String,
    /// Whether nobody wrote it.
    pub automatic: bool,
    /// What all engines together say.
    pub verdict: PropertyVerdict,
    /// How much a `holds` is worth.
    pub assurance: Assurance,
    /// Transitions whose fairness it rests on.
    pub assumptions: Vec<String>,
    /// What each engine says.
    pub engines: Vec<AnswerJson>,
}

/// What one engine says about one property.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerJson {
    /// Its name.
    pub engine: String,
    /// Its version; null where it did not run.
    pub version: Option<String>,
    /// `holds`, `violated`, `unknown`, `unavailable`, `error`, `not_asked`; the last four with the reason, as in
    /// `unknown (budget)`.
    pub answer: String,
    /// How far the answer reaches.
    pub covered: Option<String>,
    /// Distinct states, of an exhaustive answer.
    pub distinct: Option<u64>,
    /// The theorem.
    pub theorem: Option<String>,
    /// Wall seconds; not part of any digest.
    pub seconds: Option<f64>,
}

/// One engine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EngineJson {
    /// Its name.
    pub engine: String,
    /// Whether it ran to its end.
    pub available: bool,
    /// Its version.
    pub version: Option<String>,
    /// Why not, and how to get it.
    pub reason: Option<String>,
    /// Whether its answers are those of an earlier run on the same input; not part of any digest.
    #[serde(default)]
    pub cached: bool,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FindingJson {
    /// Stable over runs and engines.
    pub id: String,
    /// See `tribunal explain KIND`.
    pub kind: String,
    /// How severe.
    pub severity: Severity,
    /// In plain words.
    pub title: String,
    /// About what.
    pub subject: SubjectJson,
    /// The property it comes from.
    pub property: Option<String>,
    /// Places, the one to look at first.
    pub spans: Vec<Place>,
    /// The run that shows it; empty where there is none. Entry 0 is the initial state.
    pub trace: Vec<StepJson>,
    /// The entry the run comes back to for ever.
    pub loop_from: Option<usize>,
    /// The rules or conditions that cause it.
    pub core: Vec<CoreJson>,
    /// More about it, a sentence each: an example, the nearest blocked guard.
    pub notes: Vec<String>,
    /// What to do.
    pub suggestions: Vec<SuggestionJson>,
    /// Engines that found it.
    pub confirmed_by: Vec<String>,
}

/// What a finding is about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SubjectJson {
    /// `state`, `transition`, `property`, ...
    pub kind: String,
    /// Its name in the file.
    pub name: String,
}

/// One step of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StepJson {
    /// The transition; null in entry 0.
    pub transition: Option<String>,
    /// Who fires it; null in entry 0.
    pub actor: Option<String>,
    /// What was chosen.
    pub choices: BTreeMap<String, Shown>,
    /// What has a new value; everything in entry 0.
    pub changed: BTreeMap<String, Shown>,
}

/// One cause.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CoreJson {
    /// The rule's id, or the condition's text.
    pub name: String,
    /// Where it is written.
    pub span: Option<Place>,
}

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SuggestionJson {
    /// In plain words.
    pub text: String,
}

/// `data` of one report.
#[must_use]
pub fn data(page: Page<'_>) -> ReportJson {
    let report = page.report;
    ReportJson {
        workflow: report.about.workflow.clone(),
        version: report.about.version,
        digest: report.about.digest.clone(),
        verdict: report.verdict,
        states: report.states.map(|s| StatesJson {
            distinct: s.distinct,
            steps: s.steps,
            depth: s.depth,
        }),
        properties: report.properties.iter().map(property).collect(),
        engines: report
            .engines
            .iter()
            .map(|e| EngineJson {
                engine: e.engine.name().to_owned(),
                available: e.available,
                version: e.version.clone(),
                reason: e.reason.clone(),
                cached: e.cached,
            })
            .collect(),
    }
}

/// The findings of one report.
#[must_use]
pub fn findings(page: Page<'_>) -> Vec<FindingJson> {
    page.report
        .findings
        .iter()
        .map(|f| finding(page.sources, f))
        .collect()
}

fn property(row: &PropertyResult) -> PropertyJson {
    PropertyJson {
        id: row.id.clone(),
        form: row.form.to_owned(),
        automatic: row.automatic,
        verdict: row.verdict,
        assurance: row.assurance,
        assumptions: row.assumptions.clone(),
        engines: row
            .cells
            .iter()
            .map(|c| AnswerJson {
                engine: c.engine.name().to_owned(),
                version: c.version.clone(),
                answer: c.why.as_ref().map_or_else(
                    || c.answer.to_owned(),
                    |why| format!("{} ({why})", c.answer),
                ),
                covered: c.covered.clone(),
                distinct: c.distinct,
                theorem: c.theorem.clone(),
                seconds: c.seconds,
            })
            .collect(),
    }
}

fn finding(sources: &Sources, finding: &Finding) -> FindingJson {
    FindingJson {
        id: finding.id.clone(),
        kind: finding.kind.word().to_owned(),
        severity: finding.severity,
        title: finding.title.clone(),
        subject: SubjectJson {
            kind: finding.subject.kind.word().to_owned(),
            name: plain::line(&finding.subject.name).into_owned(),
        },
        property: finding.property.clone(),
        spans: Place::all(sources, &finding.spans),
        trace: finding
            .run
            .as_ref()
            .map_or_else(Vec::new, |r| r.steps.iter().map(step).collect()),
        loop_from: finding.run.as_ref().and_then(|r| r.loop_from),
        core: finding.core.iter().map(|c| core(sources, c)).collect(),
        notes: finding.notes.clone(),
        suggestions: finding
            .suggestions
            .iter()
            .map(|s| SuggestionJson { text: s.clone() })
            .collect(),
        confirmed_by: finding
            .confirmed_by
            .iter()
            .map(|e| e.name().to_owned())
            .collect(),
    }
}

/// One step of a run.
#[must_use]
pub fn step(step: &RunStep) -> StepJson {
    StepJson {
        transition: step.transition.clone(),
        actor: step.actor.clone(),
        choices: step.choices.iter().cloned().collect(),
        changed: step.changed.iter().cloned().collect(),
    }
}

fn core(sources: &Sources, item: &CoreItem) -> CoreJson {
    CoreJson {
        name: plain::line(&item.name).into_owned(),
        span: item.span.and_then(|s| Place::of(sources, s)),
    }
}
