//! Merges what all engines said about one file into one report. Fail closed: see `claim` and `judge`.

mod about_engines;
mod claim;
mod from_observation;
mod from_property;
mod judge;
mod order;
mod words;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use super::outcome::{About, AnswerCell, EngineResult, Finding, PropertyResult, Report};
use super::verdict::{PropertyVerdict, Verdict};
use crate::finding::{
    Answer, Coverage, Engine, EngineState, Evidence, FindingKind, Observation, PropertyIx,
    Severity, States, SubjectKind,
};
use crate::ir::Sources;
use crate::model::System;
pub(super) use about_engines::lost;
use claim::Claim;
use order::Findings;

/// What a report is made of.
pub struct Input<'a> {
    /// About what.
    pub about: About,
    /// The system; `None` for a policy file, which has no properties.
    pub system: Option<&'a System>,
    /// The texts the spans point into.
    pub sources: &'a Sources,
    /// The properties that were asked for, in the order of the system.
    pub asked: &'a [PropertyIx],
    /// Engines whose answers are needed.
    pub needed: &'a [Engine],
    /// What the engines said, also of those that are not there.
    pub evidence: &'a [Evidence],
    /// What the file alone shows.
    pub observations: &'a [Observation],
}

/// One report of all evidence. The same input gives the same report, whatever the order of the evidence.
#[must_use]
pub fn merge(input: &Input<'_>) -> Report {
    let mut evidence: Vec<&Evidence> = input.evidence.iter().collect();
    evidence.sort_by_key(|e| e.engine);
    let engines: Vec<EngineResult> = evidence
        .iter()
        .map(|e| engine_result(e, input.needed))
        .collect();
    let mut findings = Findings::default();
    for observation in input.observations {
        findings.add(from_observation::finding(input.system, observation, None));
    }
    for one in &evidence {
        for observation in &one.observations {
            let mut finding =
                from_observation::finding(input.system, observation, Some(one.engine));
            if observation.kind == FindingKind::OpenObligation {
                let beside = why_others_do_not_know(input.system, one, &evidence, &finding);
                finding.notes.splice(0..0, beside);
            }
            findings.add(finding);
        }
    }
    let properties = input.system.map_or_else(Vec::new, |system| {
        judge_all(system, input, &evidence, &mut findings)
    });
    about_engines::add(&mut findings, input, &evidence, &properties);
    let findings = findings.sorted(input.system);
    let verdict = verdict(&findings, &properties, &engines);
    Report {
        about: input.about.clone(),
        verdict,
        states: states(&evidence),
        properties,
        engines,
        findings,
    }
}

/// What other engines that do not know either say of the property that a finding is about: Z3 the step that breaks induction.
fn why_others_do_not_know(
    system: Option<&System>,
    by: &Evidence,
    evidence: &[&Evidence],
    finding: &Finding,
) -> Vec<String> {
    let property = system.and_then(|s| {
        s.properties()
            .find(|(_, p)| Some(&p.id) == finding.property.as_ref())
            .map(|(ix, _)| ix)
    });
    let others = evidence.iter().filter(|e| e.engine != by.engine);
    others
        .flat_map(|e| e.answers.iter().map(|a| (e.engine, a)))
        .filter(|(_, a)| Some(a.property) == property && matches!(a.answer, Answer::Unknown(_)))
        .flat_map(|(engine, a)| a.notes.iter().map(move |n| format!("{engine}: {n}")))
        .map(|line| super::plain::line(&line).into_owned())
        .collect()
}

/// The verdict of the whole.
fn verdict(
    findings: &[Finding],
    properties: &[PropertyResult],
    engines: &[EngineResult],
) -> Verdict {
    let worst = findings.iter().map(|f| f.severity).min();
    if worst == Some(Severity::Blocking) {
        return Verdict::Blocking;
    }
    let open = properties.iter().any(|p| match p.verdict {
        PropertyVerdict::Unknown
        | PropertyVerdict::Unavailable
        | PropertyVerdict::Disagreement
        | PropertyVerdict::Unreplayable => true,
        PropertyVerdict::Holds | PropertyVerdict::Violated | PropertyVerdict::Vacuous => false,
    });
    let silent = engines.iter().any(|e| e.needed && !e.available)
        || findings.iter().any(|f| {
            matches!(
                f.kind,
                FindingKind::BudgetExceeded | FindingKind::EngineUnavailable
            )
        });
    if open || silent {
        Verdict::Inconclusive
    } else if worst == Some(Severity::Warning) {
        Verdict::Warnings
    } else {
        Verdict::Clean
    }
}

fn engine_result(evidence: &Evidence, needed: &[Engine]) -> EngineResult {
    let (available, version, reason) = match &evidence.state {
        EngineState::Ran { version } => (true, Some(version.clone()), None),
        EngineState::Unavailable(why) => (false, None, Some(why.clone())),
        EngineState::Failed { version, why } => (false, version.clone(), Some(why.clone())),
    };
    let line = |s: String| super::plain::line(&s).into_owned();
    EngineResult {
        engine: evidence.engine,
        available,
        version: version.map(line),
        reason: reason.map(line),
        needed: needed.contains(&evidence.engine),
        seconds: evidence.seconds,
        commands: evidence.commands.clone(),
        cached: evidence.cached,
    }
}

/// The size of the search: that of the first engine that saw every state, else of the one that saw most.
fn states(evidence: &[&Evidence]) -> Option<States> {
    let all = || evidence.iter().filter_map(|e| e.states);
    all()
        .find(|s| s.complete)
        .or_else(|| all().max_by_key(|s| s.distinct))
}

fn judge_all(
    system: &System,
    input: &Input<'_>,
    evidence: &[&Evidence],
    findings: &mut Findings,
) -> Vec<PropertyResult> {
    let vacuous: BTreeSet<String> = findings.subjects(FindingKind::Vacuous, SubjectKind::Property);
    let mut judged: Vec<(PropertyIx, judge::Judged)> = Vec::new();
    for ix in input.asked {
        let Some(property) = system.property(*ix) else {
            continue;
        };
        let claims: Vec<(Engine, bool, Claim)> = evidence
            .iter()
            .map(|e| {
                (
                    e.engine,
                    input.needed.contains(&e.engine),
                    Claim::of(system, *ix, e),
                )
            })
            .collect();
        judged.push((*ix, judge::judge(claims, vacuous.contains(&property.id))));
    }
    judge::lower_by_lemmas(system, &mut judged);
    let unreached = from_property::Unreached::of(system, &judged);
    let mut results = Vec::with_capacity(judged.len());
    for (ix, judged) in judged {
        let Some(property) = system.property(ix) else {
            continue;
        };
        findings.extend(from_property::findings(
            system,
            input.sources,
            ix,
            &judged,
            &unreached,
        ));
        results.push(PropertyResult {
            id: property.id.clone(),
            form: property.form,
            automatic: property.automatic,
            verdict: judged.verdict,
            assurance: judged.assurance,
            assumptions: judged.assumptions.iter().cloned().collect(),
            human_assumptions: by_people(system, &judged.assumptions),
            expect_violated: property.expect_violated,
            requirement: property.requirement.clone(),
            cells: judged
                .claims
                .iter()
                .zip(evidence)
                .map(|((_, _, claim), e)| cell(ix, claim, e))
                .collect(),
        });
    }
    results
}

/// The transitions among these that a person fires.
pub(super) fn by_people(system: &System, transitions: &BTreeSet<String>) -> Vec<String> {
    let human = |name: &&String| {
        system
            .commands
            .iter()
            .any(|c| c.human && c.name.as_str() == name.as_str())
    };
    transitions.iter().filter(human).cloned().collect()
}

fn cell(ix: PropertyIx, claim: &Claim, evidence: &Evidence) -> AnswerCell {
    let said = evidence.answers.iter().find(|a| a.property == ix);
    let coverage = said.and_then(|a| match &a.answer {
        Answer::Holds { coverage, .. } => Some(coverage),
        Answer::Violated { coverage, .. } => coverage.as_ref(),
        Answer::Unknown(_) | Answer::Unavailable(_) | Answer::Error(_) | Answer::NotAsked(_) => {
            None
        }
    });
    let version = match &evidence.state {
        EngineState::Ran { version } => Some(version.clone()),
        EngineState::Unavailable(_) => None,
        EngineState::Failed { version, .. } => version.clone(),
    };
    AnswerCell {
        engine: evidence.engine,
        version: version.map(|v| super::plain::line(&v).into_owned()),
        answer: claim.word(),
        unreplayable: matches!(claim, Claim::Unreplayable(_)),
        out_of_budget: matches!(claim, Claim::OutOfBudget(_)),
        why: claim.why().map(|w| super::plain::line(w).into_owned()),
        covered: coverage.map(|c| match c {
            Coverage::Exhaustive { .. } => "exhaustive".to_owned(),
            Coverage::Inductive { .. } => "inductive".to_owned(),
            Coverage::Bounded { steps } => format!("bounded {steps}"),
            Coverage::AllValues => "all values".to_owned(),
            Coverage::Theorem { .. } => "theorem".to_owned(),
        }),
        distinct: coverage.and_then(|c| match c {
            Coverage::Exhaustive { distinct } => Some(*distinct),
            Coverage::Inductive { .. }
            | Coverage::Bounded { .. }
            | Coverage::AllValues
            | Coverage::Theorem { .. } => None,
        }),
        theorem: coverage.and_then(|c| match c {
            Coverage::Theorem { name } => Some(name.clone()),
            Coverage::Exhaustive { .. }
            | Coverage::Inductive { .. }
            | Coverage::Bounded { .. }
            | Coverage::AllValues => None,
        }),
        seconds: said.and_then(|a| a.seconds),
    }
}
