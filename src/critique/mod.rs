//! The critic's side of the table: what may be believed of a critique, and a critic that needs no model.
//!
//! [`admit`] is trusted: nothing that a critic says counts before it has passed there, and a critique can neither name what is
//! not there nor make a finding weigh less. The rules are trusted for nothing. Each of their suggestions is applied to a copy
//! and listed only if the engines say that its finding is gone, nothing new blocks and nothing that held or could be reached
//! is lost. Rules speak of roles in the graph; no rule knows a workflow.

pub mod admit;
mod bench;
mod case;
mod criticize;
mod describe;
mod issue;
mod order;
mod proposal;
mod render;
mod rules;
mod scene;
mod search;
mod spell;
mod transcribe;

pub use admit::{AdmitError, Admitted, ProposedWaiver, admit};
pub use bench::Bench;
pub use case::{Case, UnknownWord};
pub use criticize::{CRITIC, Confirm, CritiqueError, Target, criticize};
pub use describe::describe;
pub use render::{Shown, render};
