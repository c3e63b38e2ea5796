//! A system as a Lean 4 development: definitions a person can read, and proofs that Lean's kernel checks.
//!
//! For systems with few enough states the proof is a certificate: the set of reachable states is written out, the kernel checks
//! that it holds the initial states and is closed under every action, and what it finds of the members becomes an ordinary
//! theorem about everything reachable. The set is found by `model::step`; nothing rests on its being right. Larger systems get
//! an induction, one goal for each invariant and transition, over all typed states.

mod apart;
pub mod ast;
pub mod certificate;
mod claims;
mod codec;
mod definitions;
mod facts;
mod inductive;
mod last_step;
mod names;
mod proofs;
mod refine;
mod search;
mod simulate;
mod tactic;
mod term;
mod text;
mod witness;

pub use definitions::{GroundAction, ground_actions};
pub use proofs::Conclusion;
pub use text::Theorem;

use crate::finding::PropertyIx;
use crate::model::{System, initial_states};
use inductive::Inductive;
use proofs::Prover;

/// The largest number of reachable states for which a certificate is written.
pub const CERTIFICATE_LIMIT: usize = 5_000;

/// States that are searched for runs where a certificate would be too large.
const RUN_LIMIT: usize = 20_000;

/// The largest number of actions (transitions with choices written out) that is lowered.
const MAX_ACTIONS: usize = 2_000;

/// The largest number of initial states that is written out.
const MAX_INITIAL: usize = 5_000;

/// The largest number of goals of an induction. Each costs Lean about a third of a second, so that all of them end well
/// before the usual deadline: an engine that runs into it takes the verdict from what the others know.
const MAX_GOALS: usize = 300;

/// What to generate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// The largest number of reachable states for which a certificate is written; above it, inductions.
    pub certificate: usize,
    /// Whether the file ends with commands that print the axioms of each conclusion. Lean refuses them in a module, and its
    /// WebAssembly build takes every file for one.
    pub print_axioms: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            certificate: CERTIFICATE_LIMIT,
            print_axioms: false,
        }
    }
}

/// A generated Lean file.
#[derive(Debug, Clone)]
pub struct LeanFile {
    /// The whole text.
    pub text: String,
    /// Its theorems, in order.
    pub theorems: Vec<Theorem>,
    /// By property asked: what its theorems conclude if they are accepted.
    pub conclusions: Vec<(PropertyIx, Conclusion)>,
    /// How many states the certificate holds; `None` for inductions.
    pub states: Option<u64>,
    /// Lines on which Lean is asked for the axioms of a conclusion, with its theorem; empty where it is not asked.
    pub axioms: Vec<(u32, String)>,
}

/// Why a system is not lowered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LeanError {
    /// More actions than can be written out.
    #[error("more than {MAX_ACTIONS} transitions with their choices written out")]
    TooManyActions,
    /// More initial states than can be written out.
    #[error("more than {MAX_INITIAL} initial states")]
    TooManyInitial,
    /// More invariants and transitions than an induction is tried for.
    #[error(
        "more than {MAX_GOALS} goals, one for each invariant and transition; name fewer with --property"
    )]
    TooManyGoals,
    /// A state does not fit the code.
    #[error("a state takes more than 127 bits")]
    TooWide,
}

/// Lowers the system with proofs of these properties.
///
/// # Errors
/// When the system is too large to be written out.
pub fn lower(
    system: &System,
    properties: &[PropertyIx],
    options: &Options,
) -> Result<LeanFile, LeanError> {
    let count = system.commands.iter().try_fold(0u64, |n, c| {
        c.choices
            .iter()
            .try_fold(1u64, |n, x| n.checked_mul(x.domain.size()))
            .and_then(|k| n.checked_add(k))
    });
    if count.is_none_or(|n| n > MAX_ACTIONS as u64) {
        return Err(LeanError::TooManyActions);
    }
    if initial_states(system).nth(MAX_INITIAL).is_some() {
        return Err(LeanError::TooManyInitial);
    }
    let actions = ground_actions(system);
    let bound = options.certificate.max(RUN_LIMIT);
    let reach = search::search(system, &actions, |_| true, bound);
    let prover = |invariants| Prover {
        system,
        actions: &actions,
        reach: &reach,
        limit: options.certificate,
        invariants,
        ways: std::cell::RefCell::new(Vec::new()),
    };
    let mut text = opening(system, &actions, options.print_axioms);
    let mut conclusions = Vec::new();
    let small = reach.complete && reach.states.len() <= options.certificate;
    if small {
        let true_ones = proofs::true_everywhere(system, &actions, &reach, properties);
        let prover = prover(true_ones);
        prover.begin(&mut text).ok_or(LeanError::TooWide)?;
        for ix in properties {
            if let Some(property) = system.property(*ix) {
                conclusions.push((*ix, prover.property(&mut text, *ix, property)));
            }
        }
    } else {
        let induction = Inductive::new(prover(Vec::new()), properties);
        if induction.goals(properties) > MAX_GOALS {
            return Err(LeanError::TooManyGoals);
        }
        induction.begin(&mut text);
        for ix in properties {
            if let Some(property) = system.property(*ix) {
                conclusions.push((*ix, induction.property(&mut text, *ix, property)));
            }
        }
    }
    text.restate();
    let axioms = if options.print_axioms {
        text.print_axioms(concluding(&conclusions))
    } else {
        Vec::new()
    };
    text.push("\nend Tribunal");
    Ok(LeanFile {
        text: text.text,
        theorems: text.theorems,
        conclusions,
        states: small.then_some(reach.states.len() as u64),
        axioms,
    })
}

/// The theorems that something is concluded from.
fn concluding(conclusions: &[(PropertyIx, Conclusion)]) -> Vec<String> {
    let name = |(_, c): &(PropertyIx, Conclusion)| match c {
        Conclusion::Holds { theorem, .. } | Conclusion::Violated { theorem, .. } => {
            Some(theorem.clone())
        }
        Conclusion::NotAsked(_) | Conclusion::Unknown(_) => None,
    };
    conclusions.iter().filter_map(name).collect()
}

/// What every file begins with: what the system is, and what it reaches.
fn opening(system: &System, actions: &[GroundAction], print_axioms: bool) -> text::Text {
    let mut text = text::Text::default();
    text.push(if print_axioms {
        "-- No module, for Lean prints no axioms in one.\nnoncomputable section"
    } else {
        "module\n@[expose] public noncomputable section"
    });
    text.push("set_option autoImplicit false\nset_option warningAsError true");
    text.push("set_option linter.unusedVariables false\nset_option linter.unusedSimpArgs false\nset_option Elab.async false\nset_option maxRecDepth 100000\n\nnamespace Tribunal\n");
    text.push(include_str!("prelude.lean"));
    text.push("");
    text.push(&definitions::definitions(system, actions));
    let starts: Vec<_> = initial_states(system).collect();
    text.push(&definitions::initials(system, &starts));
    text
}
