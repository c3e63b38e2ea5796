//! The critic without a model at the table: `tribunal critique`, asked by the loop.

use crate::agent::seat::{Critic, Judged, Judgement, Made, SeatError, SeatFailure, Work};
use crate::critique::CRITIC;
use crate::host::cancel::CancelToken;
use crate::ir::Digest;
use crate::pipeline::critique::{NoCritique, critique};
use crate::pipeline::engines::Selection;
use crate::pipeline::iterate::desk::{Desk, WORKFLOW_FILE};
use crate::pipeline::verify::{Verify, VerifyError};
use crate::protocol::{Considered, Spend};
use std::time::Duration;

/// The rules.
pub struct RulesCritic<'a> {
    /// The files.
    pub desk: Desk<'a>,
    /// Which engines judge what the rules suggest.
    pub engines: Selection,
    /// Wall time for each engine.
    pub deadline: Duration,
}

impl Critic for RulesCritic<'_> {
    fn name(&self) -> String {
        CRITIC.to_owned()
    }

    fn criticise<'a>(
        &'a self,
        of: &'a Judged,
        beside: &'a [Judged],
        cancel: &'a CancelToken,
    ) -> Work<'a, Judgement> {
        Box::pin(async move {
            let version = of.standing.checked.ir.version.value;
            let path = self.desk.folder(version).join(WORKFLOW_FILE);
            let options = Verify {
                engines: self.engines.clone(),
                properties: &[],
                deadline: self.deadline,
                project: Some(self.desk.project),
                out: None,
                cancel: cancel.clone(),
                progress: &|_| {},
            };
            let made =
                tokio::task::block_in_place(|| critique(&path, &options)).map_err(failure)?;
            let critique = made.critique;
            let considered = beside.iter().map(|j| left_out(j.standing.digest)).collect();
            Ok(Made {
                reasoning: format!(
                    "{} issues; {} changes that the engines confirmed on a copy",
                    critique.issues.len(),
                    critique.recommended_changes.len()
                ),
                value: Judgement {
                    critique,
                    considered,
                },
                spend: Spend::default(),
            })
        })
    }
}

fn left_out(candidate: Digest) -> Considered {
    Considered {
        candidate,
        drawn_on: false,
        why: "rules repair the first candidate and cannot weigh one design against another"
            .to_owned(),
    }
}

fn failure(error: NoCritique) -> SeatError {
    let sort = match &error {
        NoCritique::Verify(VerifyError::Interrupted) => SeatFailure::Cancelled,
        _ => SeatFailure::Unusable,
    };
    SeatError {
        why: error.to_string(),
        sort,
        spend: Spend::default(),
    }
}
