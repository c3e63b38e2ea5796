//! Reads everything that the gate judges: the user's file, its version's folder, its journal, the project's policy and
//! signers. Asks no engine.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::load::{LoadError, Loaded, LoadedKind, load};
use super::project::{Project, ProjectError, policy_in_force};
use super::record::{self, SOURCE_FILE, journal};
use crate::check::{CheckedPolicy, CheckedWorkflow};
use crate::finding::Engine;
use crate::gate::case::digest_of;
use crate::gate::event::Event;
use crate::gate::policy::{Effective, effective_digest};
use crate::gate::signers::AllowedSigners;
use crate::gate::{Case, Record};
use crate::host::files::read_text_capped;
use crate::ir::workflow::Policy;
use crate::ir::{Digest, Sources};
use crate::journal::{Journal, JournalError, Stream};
use crate::model::desugar;

const SIGNERS_BYTES: u64 = 1024 * 1024;
const SOURCE_BYTES: u64 = 64 * 1024;

/// What holds for every workflow of a project.
#[derive(Debug, Clone)]
pub struct Ground {
    /// The project.
    pub project: Project,
    policy: Policy,
    checked: CheckedPolicy,
    signers: Result<AllowedSigners, String>,
    needed: Vec<Engine>,
}

/// One workflow file and all that is recorded about it.
#[derive(Debug, Clone)]
pub struct Subject {
    /// The file as the user named it.
    pub path: PathBuf,
    /// Its texts and warnings.
    pub loaded: Loaded,
    /// What it says.
    pub workflow: Arc<CheckedWorkflow>,
    /// Its digest (S-12).
    pub digest: Digest,
    /// The folder of its version.
    pub folder: PathBuf,
    /// Its journal.
    pub journal: Journal,
    properties: Vec<String>,
    record: Record,
    stream: Stream<Event>,
    policy: Effective,
    policy_digest: Digest,
    signers: Result<AllowedSigners, String>,
    needed: Vec<Engine>,
    single_person: bool,
}

/// Why there is nothing to judge.
#[derive(Debug, thiserror::Error)]
pub enum SubjectError {
    /// The file has errors.
    #[error("the file has errors")]
    File(Box<LoadError>),
    /// It is a policy.
    #[error("{0} is a policy, not a workflow")]
    Policy(String),
    /// It is a directory.
    #[error("{0} is a directory; name a workflow file")]
    Directory(String),
    /// The journal cannot be read, or its chain is broken.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// A folder of the project does not say which file its workflow comes from.
    #[error(
        "{0} does not say which file the workflow comes from: name the file, or verify it again"
    )]
    NoSource(String),
    /// The file that a folder names holds another workflow.
    #[error("{path} now holds the workflow `{is}`, not `{was}`")]
    Renamed {
        /// The file.
        path: String,
        /// The id it has.
        is: String,
        /// The id it had.
        was: String,
    },
}

impl Ground {
    /// A project's ground.
    ///
    /// # Errors
    /// When its policy cannot be read or has errors.
    pub fn of(project: &Project) -> Result<Self, ProjectError> {
        let (policy, checked) = policy_in_force(Some(project), &mut Sources::default())?;
        Ok(Self {
            signers: signers(&project.root.join(".spec/allowed_signers")),
            needed: record::needed(project),
            project: project.clone(),
            policy,
            checked,
        })
    }

    /// Everything about the workflow in a file.
    ///
    /// # Errors
    /// See [`SubjectError`].
    pub fn subject(&self, path: &Path) -> Result<Subject, SubjectError> {
        if path.is_dir() {
            return Err(SubjectError::Directory(path.display().to_string()));
        }
        let loaded = load(path).map_err(|e| SubjectError::File(Box::new(e)))?;
        let workflow = match &loaded.kind {
            LoadedKind::Workflow(workflow) => Arc::clone(workflow),
            LoadedKind::Policy(..) => return Err(SubjectError::Policy(path.display().to_string())),
        };
        let id = workflow.ir.id.value.as_str();
        let version = workflow.ir.version.value;
        let folder = self
            .project
            .workflows()
            .join(id)
            .join(format!("v{version}"));
        let journal = journal(&self.project, id);
        let system = desugar(&workflow);
        Ok(Subject {
            path: path.to_path_buf(),
            digest: digest_of(&workflow),
            properties: system.properties.iter().map(|p| p.id.clone()).collect(),
            record: Record::read(&folder),
            stream: journal.read()?,
            policy: Effective::new(self.checked.clone(), workflow.policy.clone()),
            policy_digest: effective_digest(&self.policy, workflow.ir.policy.as_ref()),
            signers: self.signers.clone(),
            needed: self.needed.clone(),
            single_person: self.project.config.single_person == Some(true),
            loaded,
            workflow,
            folder,
            journal,
        })
    }

    /// Whose signatures count.
    ///
    /// # Errors
    /// Why that is not known.
    pub fn signers(&self) -> Result<&AllowedSigners, &str> {
        self.signers.as_ref().map_err(String::as_str)
    }

    /// Every workflow of the project that was ever verified: the file it comes from, by the highest version that says so; in
    /// the order of the ids.
    #[must_use]
    pub fn workflows(&self) -> Vec<(String, Result<PathBuf, SubjectError>)> {
        let base = self.project.workflows();
        let mut ids: Vec<String> = names(&base)
            .into_iter()
            .filter(|id| base.join(id).is_dir())
            .collect();
        ids.sort();
        ids.into_iter()
            .map(|id| {
                let source = self.source(&base.join(&id));
                (id, source)
            })
            .collect()
    }

    fn source(&self, folder: &Path) -> Result<PathBuf, SubjectError> {
        let mut versions: Vec<u32> = names(folder)
            .iter()
            .filter_map(|name| name.strip_prefix('v')?.parse().ok())
            .collect();
        versions.sort_unstable();
        for version in versions.into_iter().rev() {
            let file = folder.join(format!("v{version}")).join(SOURCE_FILE);
            if let Ok(text) = read_text_capped(&file, SOURCE_BYTES) {
                return Ok(self.project.root.join(text.trim_end_matches('\n')));
            }
        }
        Err(SubjectError::NoSource(folder.display().to_string()))
    }
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs_err::read_dir(folder).into_iter().flatten();
    entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .collect()
}

fn signers(path: &Path) -> Result<AllowedSigners, String> {
    let text = if path.exists() {
        read_text_capped(path, SIGNERS_BYTES).map_err(|e| e.to_string())?
    } else {
        String::new()
    };
    AllowedSigners::parse(&text).map_err(|e| format!("{}, {e}", path.display()))
}

impl Subject {
    /// What the gate judges.
    #[must_use]
    pub fn case(&self) -> Case<'_> {
        self.case_with(&self.record, &self.stream)
    }

    /// The same with another reading of what may have changed meanwhile.
    #[must_use]
    pub fn case_with<'a>(&'a self, record: &'a Record, stream: &'a Stream<Event>) -> Case<'a> {
        Case {
            workflow: &self.workflow,
            digest: self.digest,
            properties: &self.properties,
            sources: &self.loaded.sources,
            record,
            journal: stream,
            policy: &self.policy,
            policy_digest: self.policy_digest,
            signers: self.signers.as_ref().map_err(String::as_str),
            needed: &self.needed,
            single_person: self.single_person,
        }
    }

    /// `workflow_id`.
    #[must_use]
    pub fn id(&self) -> &str {
        self.workflow.ir.id.value.as_str()
    }

    /// `version`.
    #[must_use]
    pub fn version(&self) -> u32 {
        self.workflow.ir.version.value
    }
}
