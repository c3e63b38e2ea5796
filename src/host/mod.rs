//! The machine outside: processes, files, clocks, installed tools. Knows nothing of workflows.

pub mod cancel;
pub mod clock;
pub mod files;
pub mod interrupt;
pub mod process;
pub mod prompt;
pub mod tools;
pub mod user;
