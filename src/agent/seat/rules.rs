//! A planner without a model: it carries out what a critique says, word for word, and proposes nothing of its own.

use super::{Draft, Made, Planner, SeatError, SeatFailure, Standing, Wish, Work};
use crate::finding::Critique;
use crate::host::cancel::CancelToken;
use crate::protocol::Spend;
use crate::revise::{Answers, apply};

/// The mechanical planner.
#[derive(Debug, Clone, Copy)]
pub struct RulesPlanner;

/// Its name, and that of every seat that rules fill.
pub const RULES: &str = "rules";

impl Planner for RulesPlanner {
    fn name(&self) -> String {
        RULES.to_owned()
    }

    fn propose<'a>(&'a self, _: &'a Wish, _: &'a CancelToken) -> Work<'a, Vec<Draft>> {
        Box::pin(async {
            Err(SeatError {
                why: "rules cannot think of a workflow: start from a file, or let a model plan"
                    .to_owned(),
                sort: SeatFailure::Unusable,
                spend: Spend::default(),
            })
        })
    }

    fn revise<'a>(
        &'a self,
        of: &'a Standing,
        critique: &'a Critique,
        answers: &'a Answers,
        _: &'a CancelToken,
    ) -> Work<'a, String> {
        Box::pin(async move {
            let revised = apply(&of.text, &critique.recommended_changes, answers);
            match revised {
                Ok(revised) => Ok(Made {
                    reasoning: format!(
                        "carried out {} changes of the critique",
                        critique.recommended_changes.len()
                    ),
                    value: revised.text,
                    spend: Spend::default(),
                }),
                Err(errors) => Err(SeatError {
                    why: errors
                        .iter()
                        .map(ToString::to_string)
                        .collect::<Vec<_>>()
                        .join("; "),
                    sort: SeatFailure::Unusable,
                    spend: Spend::default(),
                }),
            }
        })
    }
}
