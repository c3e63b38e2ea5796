//! Types of the workflow IR: names, spans, values, expressions as written, terms as understood. Plain data, no rules.

pub mod canonical;
pub mod digest;
pub mod expr;
pub mod id;
pub mod policy_input;
mod print;
pub mod source;
pub mod span;
pub mod symbols;
pub mod term;
pub mod value;
pub mod workflow;

pub use digest::Digest;
pub use expr::Expr;
pub use id::{ActorId, ArtId, ChoiceIx, EnumId, EvId, FieldIx, Name, StateId, TransitionId, VarId};
pub use policy_input::PolicyInput;
pub use source::Sources;
pub use span::{SourceId, Span, Spanned};
pub use symbols::Symbols;
pub use term::{Cell, Term, TermKind, Ty};
pub use value::{Domain, Value};
pub use workflow::Workflow;
