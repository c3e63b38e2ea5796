//! The battery of questions about policies (S-11), over all inputs. Every example is evaluated again, and every core is shrunk
//! until each of its parts is needed, before it is shown.

mod ask;
mod inputs;
mod judge;
mod wider;

#[cfg(test)]
mod tests;

use std::time::Duration;

pub use inputs::Inputs;
pub use wider::{Wider, wider, wider_together};

use crate::check::CheckedPolicy;
use crate::engine::z3::session::guarded;
use crate::finding::{Engine, FindingKind, Observation, Subject, SubjectKind};
use crate::host::cancel::CancelToken;
use ask::{AskError, Asker};

/// Wall time after which the battery gives up; it takes a fraction of a second.
const DEADLINE: Duration = Duration::from_secs(60);

/// Judges a policy file (or the built-in policy) as it stands, and a workflow's own policy together with it. A question
/// without answer is an observation of its own.
#[must_use]
pub fn battery(
    file: &CheckedPolicy,
    inline: Option<&CheckedPolicy>,
    cancel: &CancelToken,
) -> Vec<Observation> {
    guarded(DEADLINE, cancel, |gate| {
        let mut found = Vec::new();
        let asked = Asker::new(gate).and_then(|mut asker| {
            judge::file(&mut asker, file, &mut found)?;
            inline.map_or(Ok(()), |own| {
                judge::together(&mut asker, file, own, &mut found)
            })
        });
        if let Err(e) = asked {
            found.push(trouble(&e));
        }
        found
    })
}

fn trouble(e: &AskError) -> Observation {
    let kind = match e {
        AskError::NoExample(_) => FindingKind::Unreplayable,
        AskError::Session(_) => FindingKind::EngineUnavailable,
        AskError::Unknown(_) => FindingKind::BudgetExceeded,
    };
    Observation {
        kind,
        subject: Subject::new(SubjectKind::Engine, Engine::Z3.name()),
        spans: Vec::new(),
        words: vec![
            "Z3 did not answer every question about the policy".to_owned(),
            e.to_string(),
        ],
        trace: None,
        core: Vec::new(),
    }
}
