//! Answers kept by the digest of what was asked of whom, so that the same question is not paid for twice.
//!
//! A file an answer. What a file says is believed only when it is for this very question and its text has the digest that
//! stands beside it; anything else is a miss with a warning. It is no protection against someone who writes to the directory.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::answer::{Answer, Stop, Usage};
use super::money::MicroDollars;
use super::name::ProviderName;
use crate::host::files::{FileError, read_text_capped, write_atomic};
use crate::ir::Digest;

/// The largest file that is read, in bytes: escapes can make a text up to six times as long.
const BYTES: u64 = 64 * 1024 * 1024;

/// A directory of answers.
pub(super) struct Memo {
    directory: PathBuf,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    format: u32,
    key: Digest,
    prompt: String,
    model: String,
    text: String,
    digest: Digest,
    raw: Digest,
}

/// What was found, or why nothing.
pub(super) enum Recalled {
    Hit(Answer),
    Miss,
    /// There is a file, and it cannot be used, for this reason.
    Unusable(String),
}

impl Memo {
    pub(super) fn at(directory: &Path) -> Self {
        Self {
            directory: directory.to_owned(),
        }
    }

    fn path(&self, key: &Digest) -> PathBuf {
        self.directory.join(format!("{key}.json"))
    }

    pub(super) fn recall(&self, key: &Digest, provider: ProviderName) -> Recalled {
        let path = self.path(key);
        let unusable = |why: String| {
            Recalled::Unusable(format!(
                "the kept answer {} is not used: {why}",
                path.display()
            ))
        };
        let text = match read_text_capped(&path, BYTES) {
            Ok(text) => text,
            Err(FileError::Io(error)) if error.kind() == std::io::ErrorKind::NotFound => {
                return Recalled::Miss;
            }
            Err(error) => return unusable(error.to_string()),
        };
        let entry: Entry = match serde_json::from_str(&text) {
            Ok(entry) => entry,
            Err(error) => return unusable(error.to_string()),
        };
        if entry.format != 1 || entry.key != *key {
            return unusable("it is for another question".to_owned());
        }
        if entry.digest != Digest::of(entry.text.as_bytes()) {
            return unusable("its text has been changed".to_owned());
        }
        Recalled::Hit(Answer {
            text: entry.text,
            stop: Stop::Finished,
            usage: Some(Usage::default()),
            cost: Some(MicroDollars(0)),
            provider,
            model: entry.model,
            raw: entry.raw,
            seconds: 0.0,
            tries: 0,
            from_memo: true,
            warnings: vec![],
        })
    }

    /// Keeps an answer; a warning when that fails.
    pub(super) fn keep(&self, key: &Digest, prompt: &str, answer: &Answer) -> Option<String> {
        let entry = Entry {
            format: 1,
            key: *key,
            prompt: prompt.to_owned(),
            model: answer.model.clone(),
            text: answer.text.clone(),
            digest: Digest::of(answer.text.as_bytes()),
            raw: answer.raw,
        };
        let failed = match serde_json::to_vec_pretty(&entry) {
            Ok(bytes) => write_atomic(&self.path(key), &bytes)
                .err()
                .map(|error| error.to_string()),
            Err(error) => Some(error.to_string()),
        };
        failed.map(|why| format!("the answer could not be kept: {why}"))
    }
}
