//! The files the loop works on: versions, reports and critiques in the folders of a project.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::agent::seat::{Judged, Standing};
use crate::check::{CheckedWorkflow, check};
use crate::finding::{Critique, Diagnostic};
use crate::gate::StoredReport;
use crate::gate::stored::REPORT_FILE;
use crate::host::files::{FileError, read_text_capped};
use crate::ir::{Digest, SourceId, Sources, canonical};
use crate::pipeline::critique::CRITIQUE_FILE;
use crate::pipeline::project::Project;
use crate::pipeline::store::{Folder, StoreError};
use crate::protocol::ArtifactRef;
use crate::syntax::parse_workflow;

/// The name of the workflow there.
pub const WORKFLOW_FILE: &str = "workflow.yaml";
/// The folder of the candidates beside the version.
const BESIDE: &str = "candidates";
const BYTES: u64 = 64 * 1024 * 1024;

/// Why a file of the loop cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// It cannot be read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// The version's folder belongs to another content.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It is no workflow.
    #[error("{}", first(diagnostics))]
    Workflow {
        /// The text.
        sources: Sources,
        /// At least one error.
        diagnostics: Vec<Diagnostic>,
    },
    /// It is not the JSON document that it should be.
    #[error("{path}: {why}")]
    Json {
        /// The file.
        path: String,
        /// What is wrong.
        why: String,
    },
    /// It refines another workflow.
    #[error("`{0}` refines another workflow; the loop works on workflows that stand alone")]
    Refines(String),
}

fn first(diagnostics: &[Diagnostic]) -> String {
    diagnostics.first().map_or_else(
        || "the workflow has errors".to_owned(),
        |d| d.message.clone(),
    )
}

/// The folders of one workflow.
#[derive(Debug, Clone)]
pub struct Desk<'a> {
    /// The project.
    pub project: &'a Project,
    /// `workflow_id`.
    pub workflow: String,
}

/// Reads a workflow's text.
///
/// # Errors
/// `Workflow`, `Refines`.
pub fn read_text(name: &str, text: String) -> Result<Standing, DeskError> {
    let mut sources = Sources::default();
    let source = sources.add(name.to_owned(), text.as_str());
    let checked = parse(source, &text).map_err(|diagnostics| DeskError::Workflow {
        sources,
        diagnostics,
    })?;
    match checked {
        Some(checked) => Ok(Standing {
            digest: canonical::digest(&checked.ir, None),
            checked: Arc::new(checked),
            text,
        }),
        None => Err(DeskError::Refines(name.to_owned())),
    }
}

fn parse(source: SourceId, text: &str) -> Result<Option<CheckedWorkflow>, Vec<Diagnostic>> {
    let parsed = parse_workflow(source, text)?;
    if parsed.value.refines.is_some() {
        return Ok(None);
    }
    check(parsed.value, None).map(Some)
}

impl Desk<'_> {
    /// The folder of a version.
    #[must_use]
    pub fn folder(&self, version: u32) -> PathBuf {
        self.project
            .workflows()
            .join(&self.workflow)
            .join(format!("v{version}"))
    }

    /// The log of the messages.
    #[must_use]
    pub fn messages(&self) -> PathBuf {
        self.project
            .workflows()
            .join(&self.workflow)
            .join("messages.jsonl")
    }

    /// Keeps a version.
    ///
    /// # Errors
    /// `Store`: another content has this version, or it cannot be written.
    pub fn keep(&self, standing: &Standing) -> Result<(), DeskError> {
        let base = self.project.workflows();
        let version = standing.checked.ir.version.value;
        let digest = standing.digest.to_string();
        Folder::claim(&base, &self.workflow, version, &digest, &standing.text)?;
        Ok(())
    }

    /// Where a candidate beside a version is kept.
    #[must_use]
    pub fn beside(&self, version: u32, digest: Digest) -> PathBuf {
        let name = digest.to_string().chars().take(12).collect::<String>();
        self.folder(version).join(BESIDE).join(name)
    }

    /// A version.
    ///
    /// # Errors
    /// `File`, `Workflow`.
    pub fn standing(&self, folder: &Path) -> Result<Standing, DeskError> {
        let path = folder.join(WORKFLOW_FILE);
        let text = read_text_capped(&path, BYTES)?;
        read_text(&path.display().to_string(), text)
    }

    /// A version with its report.
    ///
    /// # Errors
    /// `File`, `Workflow`, `Json`.
    pub fn judged(&self, folder: &Path) -> Result<Judged, DeskError> {
        Ok(Judged {
            standing: self.standing(folder)?,
            report: json(&folder.join(REPORT_FILE))?,
        })
    }

    /// A critique.
    ///
    /// # Errors
    /// `File`, `Json`.
    pub fn critique(&self, version: u32) -> Result<Critique, DeskError> {
        json(&self.folder(version).join(CRITIQUE_FILE))
    }

    /// A file of the project as a message names it.
    #[must_use]
    pub fn artifact(&self, path: &Path, digest: Digest) -> ArtifactRef {
        let shown = path.strip_prefix(&self.project.root).unwrap_or(path);
        ArtifactRef {
            path: shown.display().to_string(),
            digest,
        }
    }

    /// The digest of what a message names, as it is now; `None` for what cannot be read.
    #[must_use]
    pub fn look(&self, artifact: &ArtifactRef) -> Option<Digest> {
        let path = self.project.root.join(&artifact.path);
        match path.file_name()?.to_str()? {
            WORKFLOW_FILE => {
                let text = read_text_capped(&path, BYTES).ok()?;
                Some(read_text(&artifact.path, text).ok()?.digest)
            }
            REPORT_FILE => Some(json::<StoredReport>(&path).ok()?.digest()),
            CRITIQUE_FILE => json::<Critique>(&path).ok()?.own_digest().ok(),
            _ => None,
        }
    }
}

fn json<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T, DeskError> {
    let text = read_text_capped(path, BYTES)?;
    serde_json::from_str(&text).map_err(|error| DeskError::Json {
        path: path.display().to_string(),
        why: error.to_string(),
    })
}
