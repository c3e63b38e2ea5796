//! `unused`: what is declared and nothing reads or fires.

use super::reads::{Read, all_terms, reads};
use crate::check::CheckedWorkflow;
use crate::finding::{FindingKind, Observation, Subject, SubjectKind};
use crate::ir::{ActorId, ArtId, EvId, Name, Span, VarId};

/// Actors that fire nothing; variables and evidence that nothing reads; artifacts that no evidence is made of.
pub(super) fn unused(w: &CheckedWorkflow) -> Vec<Observation> {
    let symbols = &w.symbols;
    let mut read: Vec<Read> = all_terms(w).into_iter().flat_map(reads).collect();
    let sources = w
        .transitions
        .iter()
        .flat_map(|t| t.record.iter().filter_map(|r| r.from));
    read.extend(sources.map(Read::Evidence));
    read.extend(w.needs.iter().flatten().map(|(e, _)| Read::Evidence(*e)));
    let mut stamped: Vec<ArtId> = symbols.evidence.iter().flat_map(|e| e.of.clone()).collect();
    if let Some(r) = &w.refinement {
        read.extend(r.evidence.iter().map(|e| Read::Evidence(*e)));
        stamped.extend(&r.artifacts);
    }

    let mut found = Vec::new();
    for (id, actor) in (0u16..).map(ActorId).zip(&symbols.actors) {
        if !w.transitions.iter().any(|t| t.actor == id) {
            let words = format!("The actor `{}` fires no transition.", actor.name);
            found.push(observation(
                SubjectKind::Actor,
                &actor.name,
                actor.span,
                words,
            ));
        }
    }
    for (id, artifact) in (0u16..).map(ArtId).zip(&symbols.artifacts) {
        if !stamped.contains(&id) {
            let words = format!("No evidence is made of the artifact `{}`.", artifact.name);
            found.push(observation(
                SubjectKind::Artifact,
                &artifact.name,
                artifact.span,
                words,
            ));
        }
    }
    for (id, evidence) in (0u16..).map(EvId).zip(&symbols.evidence) {
        if !read.contains(&Read::Evidence(id)) {
            let words = format!("Nothing reads the evidence `{}`.", evidence.name);
            found.push(observation(
                SubjectKind::Evidence,
                &evidence.name,
                evidence.span,
                words,
            ));
        }
    }
    for (id, var) in (0u16..).map(VarId).zip(&symbols.vars) {
        if !read.contains(&Read::Var(id)) {
            let words = format!("Nothing reads the variable `{}`.", var.name);
            found.push(observation(SubjectKind::Var, &var.name, var.span, words));
        }
    }
    found
}

fn observation(kind: SubjectKind, name: &Name, span: Span, words: String) -> Observation {
    Observation {
        kind: FindingKind::Unused,
        subject: Subject::new(kind, name.as_str()),
        spans: vec![span],
        words: vec![words],
        trace: None,
        core: Vec::new(),
    }
}
