//! The order of stages: read, check, desugar, run engines, merge, keep. Decides nothing itself.

pub mod answer;
pub mod approve;
pub mod critique;
pub mod decide;
pub mod denied;
pub mod diff;
pub mod engines;
pub mod gate;
pub mod iterate;
pub mod journals;
pub mod load;
pub mod pending;
pub mod project;
pub mod record;
pub mod revise;
pub mod runners;
pub mod store;
pub mod subject;
pub mod verify;

pub use critique::{Critiqued, NoCritique, critique};
pub use engines::{Runner, Selection};
pub use load::{LoadError, Loaded, LoadedKind, load};
pub use project::{Config, Project, ProjectError};
pub use store::{Folder, StoreError};
pub use verify::{Verified, Verify, VerifyError, check_only, verify};
