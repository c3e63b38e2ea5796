//! Judges copies of a workflow by the embedded engines, and says whether a change made things better. Trusted for what it
//! refuses: whatever it lets through is judged once more by all engines, and by `verify` when the next version is made.

use std::sync::Arc;
use std::time::Duration;

use super::case::Case;
use crate::check::{CheckedPolicy, CheckedWorkflow, check};
use crate::engine::Request;
use crate::engine::explore::{self, ExploreOptions};
use crate::engine::z3::{self, Z3Options};
use crate::finding::critique::RecommendedChange;
use crate::finding::{Engine, Evidence, PropertyIx, Severity};
use crate::host::cancel::CancelToken;
use crate::ir::{Digest, SourceId, Sources, canonical};
use crate::model::{System, desugar};
use crate::report::{About, Input, PropertyVerdict, Report, merge};
use crate::revise::{Answers, apply_to};
use crate::syntax::parse_workflow;

/// What all copies have in common.
pub struct Bench<'a> {
    /// The file's name, for reports.
    pub file: &'a str,
    /// The text of the version.
    pub text: &'a str,
    /// The workflow it refines.
    pub refined: Option<Arc<CheckedWorkflow>>,
    /// The project's policy, or the built-in one.
    pub policy: &'a CheckedPolicy,
    /// Wall time for each engine and copy.
    pub deadline: Duration,
    /// Stops everything.
    pub cancel: CancelToken,
}

/// Which engines to ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    /// The explicit-state engine alone.
    Explore,
    /// That one and Z3.
    Both,
}

/// A copy and what the engines say of it.
pub struct Judged {
    /// Checked.
    pub checked: CheckedWorkflow,
    /// Its system.
    pub system: System,
    /// The report.
    pub report: Report,
    /// Its findings.
    pub cases: Vec<Case>,
}

impl Bench<'_> {
    /// The text with changes applied; `None` where they cannot be.
    #[must_use]
    pub fn changed(&self, changes: &[RecommendedChange]) -> Option<String> {
        self.answered(changes, &Answers::new())
    }

    /// The same, with answers to the questions among them.
    #[must_use]
    pub fn answered(&self, changes: &[RecommendedChange], answers: &Answers) -> Option<String> {
        let refined = self.refined.clone().map(|r| {
            let digest = digest(&r);
            (r, digest)
        });
        apply_to(self.text, refined, changes, answers)
            .ok()
            .map(|revised| revised.text)
    }

    /// Reads, checks and judges a text; `None` where it has errors.
    #[must_use]
    pub fn judge(&self, text: &str, ask: Ask) -> Option<Judged> {
        let parsed = parse_workflow(SourceId(0), text).ok()?;
        let checked = check(parsed.value, self.refined.clone()).ok()?;
        let system = desugar(&checked);
        let mut sources = Sources::default();
        sources.add(self.file, text);
        let asked: Vec<PropertyIx> = system.properties().map(|(ix, _)| ix).collect();
        let request = Request {
            system: &system,
            properties: &asked,
            deadline: self.deadline,
            cancel: self.cancel.clone(),
            artifacts: None,
            progress: &|_| {},
        };
        let mut evidence: Vec<Evidence> = vec![explore::run(&request, &ExploreOptions::default())];
        let mut observations = checked.observations.clone();
        let needed: &[Engine] = match ask {
            Ask::Explore => &[Engine::Explore],
            Ask::Both => {
                evidence.push(z3::run(&request, &Z3Options::default()));
                if let Some(own) = &checked.policy {
                    observations.extend(z3::policy::battery(self.policy, Some(own), &self.cancel));
                }
                &[Engine::Explore, Engine::Z3]
            }
        };
        let report = merge(&Input {
            about: About {
                file: self.file.to_owned(),
                workflow: Some(checked.ir.id.value.to_string()),
                version: Some(checked.ir.version.value),
                digest: digest(&checked).to_string(),
            },
            system: Some(&system),
            sources: &sources,
            asked: &asked,
            needed,
            evidence: &evidence,
            observations: &observations,
        });
        let cases = Case::all(&report);
        Some(Judged {
            checked,
            system,
            report,
            cases,
        })
    }
}

/// The digest of a workflow (S-12), by those of the workflows it refines.
fn digest(checked: &CheckedWorkflow) -> Digest {
    let refined = checked.refinement.as_ref().map(|r| digest(&r.refined));
    canonical::digest(&checked.ir, refined.as_ref())
}

/// What keeps a changed version from being better than the one before.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Worse<'a> {
    /// The finding that was to go is still there.
    StillThere(&'a Case),
    /// A blocking finding that was not there before.
    NewBlocking(&'a Case),
    /// Something that held or could be reached no longer does, or an engine did not answer.
    Lost,
}

/// Whether `after` is better than `before`: the findings `gone` are, nothing new blocks, nothing is lost, and all in all less is
/// left.
///
/// # Errors
/// The first thing that is worse, the goal first.
pub fn compare<'a>(before: &Report, after: &'a Judged, gone: &[String]) -> Result<(), Worse<'a>> {
    if let Some(case) = after.cases.iter().find(|c| gone.contains(&c.id)) {
        return Err(Worse::StillThere(case));
    }
    let known = |c: &Case| before.findings.iter().any(|f| f.id == c.id);
    let blocking = |c: &&Case| c.severity == Severity::Blocking;
    if let Some(case) = after.cases.iter().filter(blocking).find(|c| !known(c)) {
        return Err(Worse::NewBlocking(case));
    }
    let weight = |r: &Report| (r.count(Severity::Blocking), r.count(Severity::Warning));
    if !keeps(before, &after.report) || weight(&after.report) >= weight(before) {
        return Err(Worse::Lost);
    }
    Ok(())
}

/// Whether everything that held still does. What is new may hold or not; a property that is no longer asked is lost.
#[must_use]
pub fn keeps(before: &Report, after: &Report) -> bool {
    before
        .properties
        .iter()
        .filter(|p| p.verdict == PropertyVerdict::Holds)
        .all(|p| {
            let now = after.properties.iter().find(|q| q.id == p.id);
            // `needs` and the question for ends are asked only where there is something to ask.
            let optional = ["needs", "can_reach", "refines"].contains(&p.form) && p.automatic;
            now.map_or(optional, |q| q.verdict == PropertyVerdict::Holds)
        })
}
