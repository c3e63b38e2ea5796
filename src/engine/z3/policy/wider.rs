//! Whether one policy allows anything that another does not.

use super::ask::{AskError, Asker};
use super::inputs::Inputs;
use crate::check::{CheckedPolicy, CheckedRule};
use crate::engine::z3::session::guarded;
use crate::host::cancel::CancelToken;
use crate::ir::workflow::Action;
use crate::lower::smt::policy::{Rules, allowed};
use crate::lower::smt::tree::{and, not};

/// An action that the new policy allows for some inputs for which the old one refuses it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wider {
    /// The action.
    pub action: Action,
    /// Inputs that show it.
    pub example: Inputs,
}

/// Every action that `new` allows where `old` does not, in the order of the language; none: `new` is at least as strict.
///
/// # Errors
/// In words, if Z3 does not know.
pub fn wider(
    old: &CheckedPolicy,
    new: &CheckedPolicy,
    cancel: &CancelToken,
) -> Result<Vec<Wider>, String> {
    wider_together((old, None), (new, None), cancel)
}

/// The same of two policies with what a workflow adds to each (S-11): an action that it has rules for needs both.
///
/// # Errors
/// As [`wider`].
pub fn wider_together(
    old: (&CheckedPolicy, Option<&CheckedPolicy>),
    new: (&CheckedPolicy, Option<&CheckedPolicy>),
    cancel: &CancelToken,
) -> Result<Vec<Wider>, String> {
    guarded(super::DEADLINE, cancel, |gate| {
        let mut asker = Asker::new(gate)?;
        let mut found = Vec::new();
        for action in Action::ALL {
            let [before, after] = [old, new].map(|(project, own)| Rules {
                project: about(action, Some(project)),
                own: about(action, own),
            });
            let label = format!("does the new policy allow more of {}?", action.word());
            let fact = and([allowed(&after), not(allowed(&before))]);
            let example = asker.example(&label, fact, |i| {
                i.allowed_by(&after) && !i.allowed_by(&before)
            })?;
            found.extend(example.map(|example| Wider { action, example }));
        }
        Ok(found)
    })
    .map_err(|e: AskError| e.to_string())
}

fn about(action: Action, policy: Option<&CheckedPolicy>) -> Vec<&CheckedRule> {
    let rules = policy.into_iter().flat_map(|p| &p.rules);
    rules.filter(|r| r.action == action).collect()
}
