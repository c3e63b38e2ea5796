//! Whether one policy allows anything that another does not.

use super::ask::{AskError, Asker};
use super::inputs::Inputs;
use crate::check::CheckedPolicy;
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
    guarded(super::DEADLINE, cancel, |gate| {
        let mut asker = Asker::new(gate)?;
        let mut found = Vec::new();
        for action in Action::ALL {
            let [before, after] = [old, new].map(|p| Rules {
                project: p.rules.iter().filter(|r| r.action == action).collect(),
                own: Vec::new(),
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
