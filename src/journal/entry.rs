//! One line: how it is written, and what must be true of it before it is believed.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::error::{JournalError, LineFault};
use super::{MAX_LINE, order};
use crate::host::clock::Timestamp;
use crate::ir::Digest;
use crate::ir::canonical::to_text;

const FORMAT: u64 = 1;

/// One entry of a journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry<T> {
    /// Its own name (UUID v7).
    pub id: Uuid,
    /// When its writer's clock says it was written. The order is that of the parents, not of the times.
    pub at: Timestamp,
    /// The entries it follows, sorted; none for a first entry, several where a fork is joined.
    pub parents: Vec<Digest>,
    /// The hash of all the rest.
    pub hash: Digest,
    /// The line it stands in, the first being 1.
    pub line: usize,
    /// What is recorded.
    pub body: T,
}

/// A line as JSON.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    format: u64,
    id: Uuid,
    at: String,
    parents: Vec<Digest>,
    body: Value,
    hash: Digest,
}

/// An entry whose body is still JSON.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Draft {
    id: Uuid,
    at: Timestamp,
    parents: Vec<Digest>,
    body: Value,
    hash: Digest,
}

impl Draft {
    /// A new entry; makes sure that what will be written can be read again, as the same.
    pub(super) fn of<T: Serialize + DeserializeOwned>(
        body: &T,
        at: Timestamp,
        parents: Vec<Digest>,
    ) -> Result<Self, JournalError> {
        let wrong = |error: serde_json::Error| JournalError::Body(error.to_string());
        let differs = || JournalError::Body("it reads back differently".to_owned());
        let body = serde_json::to_value(body).map_err(wrong)?;
        let typed = T::deserialize(&body).map_err(wrong)?;
        if serde_json::to_value(typed).map_err(wrong)? != body {
            return Err(differs());
        }
        let mut draft = Self {
            id: Uuid::now_v7(),
            at,
            parents,
            body,
            hash: Digest::of(b""),
        };
        draft.hash = draft.computed();
        let line = draft.text();
        if line.len() > MAX_LINE {
            return Err(JournalError::TooLong {
                bytes: line.len(),
                limit: MAX_LINE,
            });
        }
        match Self::parse(line.as_bytes()) {
            Ok(back) if back == draft => Ok(draft),
            Ok(_) => Err(differs()),
            Err(fault) => Err(JournalError::Body(fault.to_string())),
        }
    }

    /// Believes a line only as exactly the text that was hashed and written.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, LineFault> {
        if bytes.len() > MAX_LINE {
            return Err(LineFault::TooLong(bytes.len()));
        }
        let value: Value =
            serde_json::from_slice(bytes).map_err(|error| LineFault::NotJson(error.to_string()))?;
        match value.get("format").and_then(Value::as_u64) {
            Some(FORMAT) | None => {}
            Some(other) => return Err(LineFault::Format(other)),
        }
        let not_an_entry = |error: &dyn std::fmt::Display| LineFault::NotAnEntry(error.to_string());
        let line: Line = serde_json::from_value(value).map_err(|error| not_an_entry(&error))?;
        if line.format != FORMAT {
            return Err(LineFault::Format(line.format));
        }
        let draft = Self {
            id: line.id,
            at: line.at.parse().map_err(|error| not_an_entry(&error))?,
            parents: line.parents,
            body: line.body,
            hash: line.hash,
        };
        let computed = draft.computed();
        if computed != draft.hash {
            return Err(LineFault::Hash {
                found: draft.hash,
                computed,
            });
        }
        if !draft.parents.is_sorted_by(|a, b| a < b) {
            return Err(not_an_entry(&"its parents are not sorted"));
        }
        if draft.text().as_bytes() != bytes {
            return Err(LineFault::Spelling);
        }
        Ok(draft)
    }

    fn computed(&self) -> Digest {
        let rest = json!({
            "format": FORMAT,
            "id": self.id,
            "at": self.at.to_string(),
            "parents": self.parents,
            "body": self.body,
        });
        Digest::of(to_text(&rest).as_bytes())
    }

    /// The line without its end.
    fn text(&self) -> String {
        let parents: Vec<String> = self.parents.iter().map(|p| format!("\"{p}\"")).collect();
        format!(
            r#"{{"format":{FORMAT},"id":"{}","at":"{}","parents":[{}],"body":{},"hash":"{}"}}"#,
            self.id,
            self.at,
            parents.join(","),
            to_text(&self.body),
            self.hash
        )
    }

    /// The line with its end.
    pub(super) fn line(&self) -> String {
        let mut line = self.text();
        line.push('\n');
        line
    }

    pub(super) fn hash(&self) -> Digest {
        self.hash
    }

    pub(super) fn node(&self) -> order::Node<'_, (Timestamp, Digest)> {
        order::Node {
            name: (self.at, self.hash),
            hash: self.hash,
            parents: &self.parents,
        }
    }

    /// The body as what the journal holds.
    pub(super) fn typed<T: DeserializeOwned>(self, line: usize) -> Result<Entry<T>, LineFault> {
        let body =
            T::deserialize(&self.body).map_err(|error| LineFault::Body(error.to_string()))?;
        Ok(self.entry(line, body))
    }

    pub(super) fn entry<T>(self, line: usize, body: T) -> Entry<T> {
        Entry {
            id: self.id,
            at: self.at,
            parents: self.parents,
            hash: self.hash,
            line,
            body,
        }
    }
}
