//! Tools that tests need and a machine may lack: a missing one skips the test, loudly, but fails it where `CI` or
//! `TRIBUNAL_STRICT` is set.

use std::path::{Path, PathBuf};

use tribunal::host::tools::{Tool, find};

/// The tool's path, or `None` after saying SKIP.
pub fn require(tool: Tool) -> Option<PathBuf> {
    match find(tool) {
        Ok(found) => Some(found.path),
        Err(missing) => skip(&missing.to_string()),
    }
}

/// The Python that scripts/setup.sh makes, with Z3 in it; or `None` after saying SKIP.
pub fn python() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(".venv/bin/python3");
    if path.exists() {
        Some(path)
    } else {
        skip("no .venv here; scripts/setup.sh makes it")
    }
}

/// Says SKIP, or fails where every tool has to be there.
pub fn skip(why: &str) -> Option<PathBuf> {
    let strict = ["CI", "TRIBUNAL_STRICT"]
        .iter()
        .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()));
    assert!(!strict, "needed here: {why}");
    println!("SKIP: {why}");
    None
}
