//! What models are asked: versioned prompts that are part of the program, filled with fenced data, and how long they are.

mod estimate;
mod fence;
mod questions;
mod report;
mod template;

pub use estimate::{Described, describe, tokens};
pub use fence::{LABEL, fenced, harmless, plain_json};
pub use questions::{criticise, propose, revise};
pub use report::brief;
pub use template::{ALL, CRITIC, PROPOSE, Part, Prompt, REVISE};
