//! A model as planner. What it writes is read, checked and measured; what does not pass goes back to it.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::ask::{Read, ask, name};
use super::drift::{added, names, words};
use super::keep::Measure;
use super::proposed::{revision, workflow};
use super::schema::{Proposal, Revision};
use super::{Draft, Planner, Standing, Wish, Work};
use crate::agent::prompt;
use crate::agent::provider::Provider;
use crate::finding::Critique;
use crate::host::cancel::CancelToken;
use crate::revise::Answers;

/// Candidates of one proposal, at most.
const CANDIDATES: usize = 3;
/// Characters of what speaks for and against a candidate, at most.
const TRADEOFFS: usize = 2000;

/// A model that plans.
#[derive(Debug, Clone)]
pub struct ModelPlanner {
    provider: Arc<Provider>,
}

impl ModelPlanner {
    /// Asks this provider.
    #[must_use]
    pub const fn new(provider: Arc<Provider>) -> Self {
        Self { provider }
    }
}

impl Planner for ModelPlanner {
    fn name(&self) -> String {
        name(&self.provider)
    }

    fn propose<'a>(&'a self, wish: &'a Wish, cancel: &'a CancelToken) -> Work<'a, Vec<Draft>> {
        Box::pin(async move {
            let request = prompt::propose(wish);
            let read = |answer: Proposal| proposal(answer, wish);
            ask(&self.provider, &request, read, cancel).await
        })
    }

    fn revise<'a>(
        &'a self,
        of: &'a Standing,
        critique: &'a Critique,
        answers: &'a Answers,
        cancel: &'a CancelToken,
    ) -> Work<'a, String> {
        Box::pin(async move {
            let request = prompt::revise(of, critique, answers);
            let measure = Measure::of(of, critique, answers);
            let read = |answer: Revision| revised(answer, of, critique, &measure);
            ask(&self.provider, &request, read, cancel).await
        })
    }
}

fn proposal(answer: Proposal, wish: &Wish) -> Result<Read<Vec<Draft>>, Vec<String>> {
    let count = answer.candidates.len();
    if count == 0 || count > CANDIDATES {
        return Err(vec![format!(
            "there are {count} candidates; one to {CANDIDATES} are taken"
        )]);
    }
    let mut wrong = Vec::new();
    let mut known = BTreeSet::new();
    words(&wish.goal, &mut known);
    wish.constraints.iter().for_each(|c| words(c, &mut known));
    let mut prose = vec![answer.reasoning.clone()];
    let mut digests = Vec::new();
    let mut drafts = Vec::new();
    for (n, candidate) in (1..).zip(answer.candidates) {
        let place = if count == 1 {
            String::new()
        } else {
            format!("candidate {n}: ")
        };
        if candidate.tradeoffs.chars().count() > TRADEOFFS {
            wrong.push(format!(
                "{place}`tradeoffs` has more than {TRADEOFFS} characters"
            ));
        }
        match workflow(&candidate.workflow, wish) {
            Ok(standing) => {
                if let Some(m) = digests.iter().position(|d| *d == standing.digest) {
                    wrong.push(format!(
                        "{place}it is the same workflow as candidate {}",
                        m + 1
                    ));
                }
                digests.push(standing.digest);
                names(&standing.checked.ir, &mut known);
            }
            Err(why) => wrong.extend(why.into_iter().map(|why| format!("{place}{why}"))),
        }
        prose.push(candidate.tradeoffs.clone());
        drafts.push(Draft {
            text: candidate.workflow,
            tradeoffs: prompt::harmless(candidate.tradeoffs.trim()),
        });
    }
    if wrong.is_empty() {
        Ok(Read {
            value: drafts,
            reasoning: answer.reasoning,
            prose,
            known,
        })
    } else {
        Err(wrong)
    }
}

fn revised(
    answer: Revision,
    of: &Standing,
    critique: &Critique,
    measure: &Measure,
) -> Result<Read<String>, Vec<String>> {
    let standing = revision(&answer.workflow, of, critique, measure)?;
    let mut known = BTreeSet::new();
    names(&of.checked.ir, &mut known);
    names(&standing.checked.ir, &mut known);
    added(critique, &mut known);
    for issue in &critique.issues {
        words(&issue.message, &mut known);
    }
    Ok(Read {
        value: answer.workflow,
        prose: vec![answer.reasoning.clone()],
        reasoning: answer.reasoning,
        known,
    })
}
