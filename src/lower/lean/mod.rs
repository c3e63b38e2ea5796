//! A system as a Lean 4 development: definitions a person can read, and proofs that Lean's kernel checks.
//!
//! For systems with few enough states the proof is a certificate: the set of reachable states is written out, the kernel checks
//! that it holds the initial states and is closed under every action, and what it finds of the members becomes an ordinary
//! theorem about everything reachable. The set is found by `model::step`; nothing rests on its being right.

pub mod ast;
pub mod certificate;
mod claims;
mod codec;
mod definitions;
mod last_step;
mod names;
mod proofs;
mod search;
mod term;
mod text;
mod witness;

pub use definitions::{GroundAction, ground_actions};
pub use proofs::Conclusion;
pub use text::Theorem;

use crate::finding::PropertyIx;
use crate::model::{System, initial_states};

/// The largest number of reachable states for which a certificate is written.
pub const CERTIFICATE_LIMIT: usize = 5_000;

/// The largest number of actions (transitions with choices written out) that is lowered.
const MAX_ACTIONS: usize = 2_000;

/// A generated Lean file.
#[derive(Debug, Clone)]
pub struct LeanFile {
    /// The whole text.
    pub text: String,
    /// Its theorems, in order.
    pub theorems: Vec<Theorem>,
    /// By property asked: what its theorems conclude if they are accepted.
    pub conclusions: Vec<(PropertyIx, Conclusion)>,
    /// How many states the certificate holds.
    pub states: u64,
}

/// Why a system is not lowered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LeanError {
    /// More reachable states than a certificate can hold.
    #[error("more than {CERTIFICATE_LIMIT} reachable states; a certificate would be too large")]
    TooManyStates,
    /// More actions than can be written out.
    #[error("more than {MAX_ACTIONS} transitions with their choices written out")]
    TooManyActions,
    /// A state does not fit the code.
    #[error("a state takes more than 127 bits")]
    TooWide,
}

/// Lowers the system with proofs of these properties.
///
/// # Errors
/// When the system is too large for a certificate.
pub fn lower(system: &System, properties: &[PropertyIx]) -> Result<LeanFile, LeanError> {
    let count = system.commands.iter().try_fold(0u64, |n, c| {
        c.choices
            .iter()
            .try_fold(1u64, |n, x| n.checked_mul(x.domain.size()))
            .and_then(|k| n.checked_add(k))
    });
    if count.is_none_or(|n| n > MAX_ACTIONS as u64) {
        return Err(LeanError::TooManyActions);
    }
    let actions = ground_actions(system);
    let reach = search::reach(system, &actions, |_| true, CERTIFICATE_LIMIT)
        .ok_or(LeanError::TooManyStates)?;
    let mut text = text::Text::default();
    text.push("module\n@[expose] public noncomputable section");
    text.push("set_option autoImplicit false\nset_option warningAsError true");
    text.push("set_option linter.unusedVariables false\nset_option linter.unusedSimpArgs false\nset_option Elab.async false\nset_option maxRecDepth 100000\n\nnamespace Tribunal\n");
    text.push(include_str!("prelude.lean"));
    text.push("");
    text.push(&definitions::definitions(system, &actions));
    let starts: Vec<_> = initial_states(system).collect();
    text.push(&definitions::initials(system, &starts));
    text.push(&codec::codec(system));
    text.push(certificate::CLOSURE);
    text.push(proofs::KEEPS);
    let prover = proofs::Prover {
        system,
        actions: &actions,
        reach: &reach,
        limit: CERTIFICATE_LIMIT,
        invariants: proofs::true_everywhere(system, &actions, &reach, properties),
        ways: std::cell::RefCell::new(Vec::new()),
    };
    prover.certificate(&mut text).ok_or(LeanError::TooWide)?;
    prover.invariants(&mut text);
    let mut conclusions = Vec::new();
    for ix in properties {
        if let Some(property) = system.property(*ix) {
            conclusions.push((*ix, prover.property(&mut text, *ix, property)));
        }
    }
    text.restate();
    text.push("\nend Tribunal");
    Ok(LeanFile {
        text: text.text,
        theorems: text.theorems,
        conclusions,
        states: reach.states.len() as u64,
    })
}
