//! The files of a version's folder, as they are on disk now. What is absent, what cannot be read and what is there are three
//! different things.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;

use super::approval::Approval;
use super::stored::{REPORT_FILE, StoredReport};
use crate::finding::critique::Critique;
use crate::host::files::{FileError, read_capped};

/// The most bytes of one file that are read.
const MAX_BYTES: u64 = 64 * 1024 * 1024;
/// The most approvals of one version that are looked for.
const MAX_APPROVALS: usize = 64;

/// The name of the critique's file.
pub const CRITIQUE_FILE: &str = "critique.json";
/// The name of the frozen workflow's file.
pub const FROZEN_FILE: &str = "workflow.yaml";

/// A file of the record.
#[derive(Debug, Clone, PartialEq)]
pub enum Part<T> {
    /// There is no such file.
    Absent,
    /// There is one, and it cannot be read: why.
    Broken(String),
    /// Its content.
    There(T),
}

/// An approval, with the bytes that a signature covers.
#[derive(Debug, Clone, PartialEq)]
pub struct ApprovalFile {
    /// The file's name.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// What it says.
    pub approval: Approval,
    /// The signature beside it.
    pub signature: Part<Vec<u8>>,
}

/// Everything the gate reads of a version's folder.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// The folder.
    pub folder: PathBuf,
    /// `digest`.
    pub digest: Part<String>,
    /// `workflow.yaml`.
    pub frozen: Part<String>,
    /// `report.json`.
    pub report: Part<StoredReport>,
    /// `critique.json`.
    pub critique: Part<Critique>,
    /// `approval.json`, `approval-2.json` and so on, up to the first number that is not there.
    pub approvals: Vec<Part<ApprovalFile>>,
}

impl Record {
    /// Reads a folder; all parts are absent where there is none.
    #[must_use]
    pub fn read(folder: &Path) -> Self {
        Self {
            folder: folder.to_path_buf(),
            digest: text(&folder.join("digest")),
            frozen: text(&folder.join(FROZEN_FILE)),
            report: document(&folder.join(REPORT_FILE)),
            critique: document(&folder.join(CRITIQUE_FILE)),
            approvals: approvals(folder),
        }
    }

    /// Whether the folder holds a version at all.
    #[must_use]
    pub fn exists(&self) -> bool {
        self.digest != Part::Absent || self.frozen != Part::Absent
    }
}

fn bytes(path: &Path) -> Part<Vec<u8>> {
    match read_capped(path, MAX_BYTES) {
        Ok(bytes) => Part::There(bytes),
        Err(FileError::Io(error)) if error.kind() == ErrorKind::NotFound => Part::Absent,
        Err(error) => Part::Broken(error.to_string()),
    }
}

fn text(path: &Path) -> Part<String> {
    bytes(path).then(|bytes| {
        String::from_utf8(bytes)
            .map_err(|e| format!("{} is not UTF-8: {}", path.display(), e.utf8_error()))
    })
}

fn document<T: DeserializeOwned>(path: &Path) -> Part<T> {
    bytes(path).then(|bytes| parse(path, &bytes))
}

fn parse<T: DeserializeOwned>(path: &Path, bytes: &[u8]) -> Result<T, String> {
    serde_json::from_slice(bytes).map_err(|e| format!("{}: {e}", path.display()))
}

fn approvals(folder: &Path) -> Vec<Part<ApprovalFile>> {
    let mut found = Vec::new();
    for n in 1..=MAX_APPROVALS {
        let name = Approval::file_name(n);
        let path = folder.join(&name);
        let part = bytes(&path).then(|bytes| {
            Ok(ApprovalFile {
                approval: parse(&path, &bytes)?,
                signature: self::bytes(&folder.join(format!("{name}.sig"))),
                bytes,
                name: name.clone(),
            })
        });
        if part == Part::Absent {
            break;
        }
        found.push(part);
    }
    found
}

impl<T> Part<T> {
    fn then<U>(self, read: impl FnOnce(T) -> Result<U, String>) -> Part<U> {
        match self {
            Self::Absent => Part::Absent,
            Self::Broken(why) => Part::Broken(why),
            Self::There(value) => read(value).map_or_else(Part::Broken, Part::There),
        }
    }
}
