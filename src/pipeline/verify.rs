//! `verify`: one file through all stages. Every run ends in a report or in one reason why there is none.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::engines::{Runner, Selection, run_all};
use super::load::{LoadError, Loaded, LoadedKind, load};
use super::project::{self, Project, ProjectError};
use super::record::{self, RecordError, SOURCE_FILE, Subject};
use super::runners::{self, Installed};
use super::store::{Folder, StoreError};
use crate::check::{CheckedPolicy, CheckedWorkflow};
use crate::engine::{Progress, Request};
use crate::finding::{Diagnostic, Engine, Evidence, Observation, PropertyIx};
use crate::gate::StoredReport;
use crate::gate::case::digest_of;
use crate::host::cancel::CancelToken;
use crate::host::clock::Timestamp;
use crate::ir::{Digest, SourceId, Sources};
use crate::model::{System, desugar};
use crate::report::render::Page;
use crate::report::{About, Input, Report, merge};

/// How to verify.
pub struct Verify<'a> {
    /// Which engines to ask.
    pub engines: Selection,
    /// Ids of properties to judge; empty = all.
    pub properties: &'a [String],
    /// Wall time for each engine.
    pub deadline: Duration,
    /// The project the run belongs to. It keeps the record, but not of a run that judges only some properties.
    pub project: Option<&'a Project>,
    /// Where to keep the record, beside or instead of the project.
    pub out: Option<&'a Path>,
    /// Stops everything.
    pub cancel: CancelToken,
    /// Called now and then.
    pub progress: &'a (dyn Fn(Progress) + Sync),
}

/// What came of one file.
#[derive(Debug, Clone)]
pub struct Verified {
    /// What is concluded.
    pub report: Report,
    /// The texts it points into.
    pub sources: Sources,
    /// Warnings about the file.
    pub warnings: Vec<Diagnostic>,
    /// Where the record is kept.
    pub folders: Vec<Folder>,
}

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// The file has errors.
    #[error("the file has errors")]
    File(Box<LoadError>),
    /// The project has.
    #[error(transparent)]
    Project(#[from] ProjectError),
    /// The record cannot be kept.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What was concluded cannot be recorded.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// No property has this id.
    #[error("there is no property `{id}`{}", near.as_ref().map_or(String::new(), |n| format!("; did you mean `{n}`?")))]
    NoProperty {
        /// As asked for.
        id: String,
        /// One of a similar name.
        near: Option<String>,
    },
    /// The user stopped it.
    #[error("interrupted")]
    Interrupted,
}

impl From<LoadError> for VerifyError {
    fn from(error: LoadError) -> Self {
        Self::File(Box::new(error))
    }
}

/// Verifies one file.
///
/// # Errors
/// See [`VerifyError`].
pub fn verify(path: &Path, options: &Verify<'_>) -> Result<Verified, VerifyError> {
    let mut loaded = load(path)?;
    let found = match loaded.kind.clone() {
        LoadedKind::Workflow(checked) => workflow(path, &mut loaded, &checked, options)?,
        LoadedKind::Policy(policy, digest) => {
            self::policy(about_policy(path, &digest), &loaded, &policy, options)
        }
    };
    if options.cancel.cancelled() {
        return Err(VerifyError::Interrupted);
    }
    let (report, folders) = found;
    let verified = Verified {
        report,
        sources: loaded.sources,
        warnings: loaded.warnings,
        folders,
    };
    if let LoadedKind::Workflow(checked) = &loaded.kind {
        keep(path, checked, &verified, options)?;
    }
    Ok(verified)
}

/// Keeps the report, and in a project what the life cycle needs to know.
fn keep(
    path: &Path,
    checked: &CheckedWorkflow,
    verified: &Verified,
    options: &Verify<'_>,
) -> Result<(), VerifyError> {
    let stored = StoredReport::of(Page {
        report: &verified.report,
        sources: &verified.sources,
    });
    record::report(&verified.folders, &stored)?;
    let Some(project) = recording(options) else {
        return Ok(());
    };
    let source = record::kept_path(project, path).display().to_string() + "\n";
    for folder in &verified.folders {
        if folder.path().starts_with(project.workflows()) {
            folder.write(SOURCE_FILE, &source)?;
        }
    }
    let properties: Vec<String> = desugar(checked)
        .properties
        .iter()
        .map(|p| p.id.clone())
        .collect();
    let subject = Subject {
        workflow: checked.ir.id.value.as_str(),
        version: checked.ir.version.value,
        digest: digest(checked),
        properties: &properties,
    };
    Ok(record::events(project, subject, &stored, Timestamp::now())?)
}

/// The project that keeps the record of this run. A run that judges only some properties is no record of the version, and
/// must not take the place of one.
fn recording<'a>(options: &Verify<'a>) -> Option<&'a Project> {
    options.project.filter(|_| options.properties.is_empty())
}

/// Reads and checks one file and reports what it shows without running anything.
///
/// # Errors
/// Everything that is wrong with the file.
pub fn check_only(path: &Path) -> Result<Verified, LoadError> {
    let loaded = load(path)?;
    let (about, observations) = match &loaded.kind {
        LoadedKind::Workflow(checked) => {
            (about_workflow(path, checked), checked.observations.clone())
        }
        LoadedKind::Policy(_, digest) => (about_policy(path, digest), Vec::new()),
    };
    let report = merge(&Input {
        about,
        system: None,
        sources: &loaded.sources,
        asked: &[],
        needed: &[],
        evidence: &[],
        observations: &observations,
    });
    Ok(Verified {
        report,
        sources: loaded.sources,
        warnings: loaded.warnings,
        folders: Vec::new(),
    })
}

/// What a report of this workflow is about.
#[must_use]
pub fn about_workflow(path: &Path, checked: &CheckedWorkflow) -> About {
    About {
        file: path.display().to_string(),
        workflow: Some(checked.ir.id.value.to_string()),
        version: Some(checked.ir.version.value),
        digest: digest(checked).to_string(),
    }
}

/// The digest of a workflow (S-12), by those of the workflows it refines.
#[must_use]
pub fn digest(checked: &CheckedWorkflow) -> Digest {
    digest_of(checked)
}

fn about_policy(path: &Path, digest: &Digest) -> About {
    About {
        file: path.display().to_string(),
        workflow: None,
        version: None,
        digest: digest.to_string(),
    }
}

fn workflow(
    path: &Path,
    loaded: &mut Loaded,
    checked: &CheckedWorkflow,
    options: &Verify<'_>,
) -> Result<(Report, Vec<Folder>), VerifyError> {
    let about = about_workflow(path, checked);
    let system = desugar(checked);
    let asked = asked(&system, options.properties)?;
    let folders = claim(loaded, &about, options)?;
    let installed = Installed::look();
    let needed = options.engines.needed(&installed.engines());
    let request = Request {
        system: &system,
        properties: &asked,
        deadline: options.deadline,
        cancel: options.cancel.clone(),
        artifacts: folders.first().map(Folder::path),
        progress: options.progress,
    };
    let runners: Vec<Runner<'_>> = needed
        .iter()
        .map(|e| runners::runner(*e, &installed))
        .collect();
    let mut evidence = run_all(&request, &runners);
    for engine in Engine::ALL.into_iter().filter(|e| !needed.contains(e)) {
        if let (Selection::Installed, Err(why)) = (&options.engines, installed.there(engine)) {
            evidence.push(super::engines::unavailable(&request, engine, why));
        }
    }
    let mut observations = checked.observations.clone();
    if let Some(inline) = &checked.policy {
        observations.extend(inline_policy(inline, &mut loaded.sources, options)?);
    }
    let report = judged(
        about,
        Some(&system),
        loaded,
        &asked,
        &needed,
        &evidence,
        &observations,
    );
    keep_commands(&folders, &evidence)?;
    Ok((report, folders))
}

/// The properties that were asked for, in the order of the system.
fn asked(system: &System, ids: &[String]) -> Result<Vec<PropertyIx>, VerifyError> {
    for id in ids {
        if !system.properties.iter().any(|p| p.id == *id) {
            let near = system
                .properties
                .iter()
                .map(|p| (strsim::damerau_levenshtein(&p.id, id), &p.id))
                .filter(|(distance, _)| *distance <= 1 + id.len() / 4)
                .min()
                .map(|(_, near)| near.clone());
            return Err(VerifyError::NoProperty {
                id: id.clone(),
                near,
            });
        }
    }
    let wanted = |id: &String| ids.is_empty() || ids.contains(id);
    Ok(system
        .properties()
        .filter(|(_, p)| wanted(&p.id))
        .map(|(ix, _)| ix)
        .collect())
}

/// The folders that keep the record: the project's, and the one that was asked for.
fn claim(loaded: &Loaded, about: &About, options: &Verify<'_>) -> Result<Vec<Folder>, VerifyError> {
    let (Some(id), Some(version)) = (&about.workflow, about.version) else {
        return Ok(Vec::new());
    };
    let text = loaded.sources.get(SourceId(0)).map_or("", |f| &f.text);
    let bases = options
        .out
        .map(Path::to_path_buf)
        .into_iter()
        .chain(recording(options).map(Project::workflows));
    let claimed: Result<Vec<Folder>, StoreError> = bases
        .map(|base: PathBuf| Folder::claim(&base, id, version, &about.digest, text))
        .collect();
    Ok(claimed?)
}

/// The exact commands of every engine, for the record.
fn keep_commands(folders: &[Folder], evidence: &[Evidence]) -> Result<(), VerifyError> {
    let lines: Vec<String> = evidence
        .iter()
        .flat_map(|e| {
            e.commands
                .iter()
                .map(move |c| format!("{}: {c}\n", e.engine))
        })
        .collect();
    for folder in folders {
        folder.write("commands.txt", &lines.concat())?;
    }
    Ok(())
}

/// A workflow's own policy, judged together with the project's, whose text joins the others so that it can be shown.
fn inline_policy(
    inline: &CheckedPolicy,
    sources: &mut Sources,
    options: &Verify<'_>,
) -> Result<Vec<Observation>, VerifyError> {
    let file = project::policy(options.project, sources)?;
    Ok(runners::battery(&file, Some(inline), &options.cancel).0)
}

fn policy(
    about: About,
    loaded: &Loaded,
    policy: &CheckedPolicy,
    options: &Verify<'_>,
) -> (Report, Vec<Folder>) {
    let (_, evidence) = runners::battery(policy, None, &options.cancel);
    let report = judged(about, None, loaded, &[], &[Engine::Z3], &[evidence], &[]);
    (report, Vec::new())
}

fn judged(
    about: About,
    system: Option<&System>,
    loaded: &Loaded,
    asked: &[PropertyIx],
    needed: &[Engine],
    evidence: &[Evidence],
    observations: &[Observation],
) -> Report {
    merge(&Input {
        about,
        system,
        sources: &loaded.sources,
        asked,
        needed,
        evidence,
        observations,
    })
}
