//! Records answers into a file that the `scripted` provider plays back: one line an answer, keyed by the request's digest.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Value, json};

use super::answer::Answer;
use super::error::ProviderError;
use super::request::Request;
use crate::host::files::LockedFile;

/// How long another process's write is awaited.
const PATIENCE: Duration = Duration::from_secs(5);

/// Appends answers to a file.
pub(super) struct Recorder {
    path: PathBuf,
}

impl Recorder {
    pub(super) fn at(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
        }
    }

    pub(super) fn record(&self, request: &Request, answer: &Answer) -> Result<(), ProviderError> {
        let mut line = json!({
            "key": request.digest(),
            "text": answer.text,
            "stop": answer.stop,
            "model": answer.model,
            "request": request,
        });
        let figures = [
            ("usage", answer.usage.map(|usage| json!(usage))),
            ("cost", answer.cost.map(|cost| json!(cost))),
        ];
        if let Some(object) = line.as_object_mut() {
            for (name, value) in figures {
                object.extend(value.map(|value: Value| (name.to_owned(), value)));
            }
        }
        let wrong = |why: String| ProviderError::Record { why };
        let mut file =
            LockedFile::open(&self.path, PATIENCE).map_err(|error| wrong(error.to_string()))?;
        file.append(format!("{line}\n").as_bytes())
            .map_err(|error| wrong(error.to_string()))
    }
}
