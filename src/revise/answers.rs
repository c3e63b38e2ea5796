//! What people answered, and the changes that remain when every question is replaced by the answer's own changes.

use std::collections::{BTreeMap, BTreeSet};

use super::error::{ReviseError, Why, shown};
use crate::finding::critique::{Change, RecommendedChange};

/// Question → the option chosen.
pub type Answers = BTreeMap<String, String>;

/// A change to carry out, and the position (from 1) and action it is told by.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step<'c> {
    pub position: usize,
    pub change: &'c Change,
}

impl Step<'_> {
    pub(super) const fn error(&self, why: Why) -> ReviseError {
        ReviseError {
            change: Some(self.position),
            action: Some(self.change.action()),
            why,
        }
    }
}

/// The changes in their order, each question replaced by what its answer does.
///
/// # Errors
/// Every question that is not answered, or answered with something it does not offer.
pub(super) fn settle<'c>(
    changes: &'c [RecommendedChange],
    answers: &Answers,
) -> Result<Vec<Step<'c>>, Vec<ReviseError>> {
    let mut steps = Vec::new();
    let mut errors = Vec::new();
    let mut seen = BTreeSet::new();
    for (n, recommended) in changes.iter().enumerate() {
        let step = Step {
            position: n + 1,
            change: &recommended.change,
        };
        let Change::AskHuman { id, options, .. } = step.change else {
            steps.push(step);
            continue;
        };
        if !seen.insert(id.as_str()) {
            errors.push(step.error(Why::TwoQuestions {
                question: id.clone(),
            }));
            continue;
        }
        if options
            .iter()
            .flat_map(|o| &o.changes)
            .any(|c| matches!(c.change, Change::AskHuman { .. }))
        {
            errors.push(step.error(Why::NestedQuestion));
            continue;
        }
        let Some(chosen) = answers.get(id) else {
            errors.push(step.error(Why::Unanswered {
                question: id.clone(),
            }));
            continue;
        };
        match options.iter().find(|o| o.id == *chosen) {
            Some(option) => steps.extend(option.changes.iter().map(|c| Step {
                position: step.position,
                change: &c.change,
            })),
            None => errors.push(step.error(Why::UnknownOption {
                question: id.clone(),
                option: chosen.clone(),
                known: options.iter().map(|o| shown(&o.id)).collect(),
            })),
        }
    }
    if errors.is_empty() {
        Ok(steps)
    } else {
        Err(errors)
    }
}
