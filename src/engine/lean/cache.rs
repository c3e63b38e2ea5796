//! Keeps what Lean answered, by digest of the bytes it read and its version, because it is slow. Only runs that got to
//! the end of the file are kept.

use std::path::PathBuf;

use sha2::{Digest, Sha256};

use super::launcher::Checked;
use super::messages::Dialect;
use crate::host::files;
use crate::host::process::End;

/// The largest answer that is read back, in bytes.
const LIMIT: u64 = 64 << 20;

#[derive(serde::Serialize, serde::Deserialize)]
struct Kept {
    key: String,
    code: i32,
    dialect: Dialect,
    finished: bool,
    output: String,
    text: String,
    commands: Vec<String>,
}

/// The key of a text judged by this Lean.
#[must_use]
pub fn key(text: &str, version: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(version.as_bytes());
    hash.update([0]);
    hash.update(text.as_bytes());
    hash.finalize().iter().map(|b| format!("{b:02x}")).collect()
}

fn path(key: &str) -> Option<PathBuf> {
    Some(
        files::user_cache_directory()
            .ok()?
            .join("lean-answers")
            .join(format!("{key}.json")),
    )
}

/// The answer kept under `key`; `None` when there is none that can be read.
#[must_use]
pub fn load(key: &str) -> Option<Checked> {
    let kept: Kept =
        serde_json::from_str(&files::read_text_capped(&path(key)?, LIMIT).ok()?).ok()?;
    (kept.key == key).then_some(Checked {
        end: End::Exited(kept.code),
        dialect: kept.dialect,
        finished: kept.finished,
        output: kept.output,
        text: kept.text,
        commands: kept.commands,
    })
}

/// Keeps an answer. A cache that cannot be written is no error: the next run asks again.
pub fn store(key: &str, checked: &Checked) {
    let (End::Exited(code), true, Some(path)) = (&checked.end, checked.finished, path(key)) else {
        return;
    };
    let kept = Kept {
        key: key.to_owned(),
        code: *code,
        dialect: checked.dialect,
        finished: checked.finished,
        output: checked.output.clone(),
        text: checked.text.clone(),
        commands: checked.commands.clone(),
    };
    if let (Ok(text), Some(directory)) = (serde_json::to_string(&kept), path.parent())
        && fs_err::create_dir_all(directory).is_ok()
    {
        let _kept_or_asked_again = files::write_atomic(&path, text.as_bytes());
    }
}
