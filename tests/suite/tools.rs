//! Tools that tests need and a machine may lack: a missing one skips the test, loudly, but fails it where `CI` or
//! `TRIBUNAL_STRICT` is set.

use std::path::PathBuf;

use tribunal::host::tools::{Tool, find};

/// The tool's path, or `None` after saying SKIP.
pub fn require(tool: Tool) -> Option<PathBuf> {
    match find(tool) {
        Ok(found) => Some(found.path),
        Err(missing) => {
            let strict = ["CI", "TRIBUNAL_STRICT"]
                .iter()
                .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()));
            assert!(!strict, "needed here: {missing}");
            println!("SKIP: {missing}");
            None
        }
    }
}
