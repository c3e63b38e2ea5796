//! Which journals a path, or a workflow's id, stands for.

use std::path::{Path, PathBuf};

use fs_err as fs;

use super::load::{LoadError, LoadedKind, load};
use super::project::{Project, ProjectError};
use super::record;

/// A journal that exists.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The journal's file; relative to the working directory where it lies below it.
    pub file: PathBuf,
    /// The workflow whose journal it is, by the folder it lies in; `None` for a file elsewhere.
    pub workflow: Option<String>,
}

/// Why no journals can be named.
#[derive(Debug, thiserror::Error)]
pub enum NoJournals {
    /// There is no project here.
    #[error("there is no project here: no `.spec` directory in this one or above it")]
    NoProject,
    /// The project's settings are not right.
    #[error(transparent)]
    Project(#[from] ProjectError),
    /// Neither a path nor a workflow of this project.
    #[error(
        "`{name}` is neither a file nor a workflow of this project{}",
        known(workflows)
    )]
    Unknown {
        /// What was asked for.
        name: String,
        /// The workflows that have a folder.
        workflows: Vec<String>,
    },
    /// A workflow file with errors.
    #[error("the file has errors")]
    File(Box<LoadError>),
    /// A policy has no journal.
    #[error("{0} is a policy, and only workflows have journals")]
    Policy(String),
    /// A directory cannot be read.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

fn known(workflows: &[String]) -> String {
    if workflows.is_empty() {
        return "; it has none yet".to_owned();
    }
    format!("; it has {}", workflows.join(", "))
}

const JOURNAL: &str = "journal.jsonl";

/// All journals of the project in the working directory, in the order of their names.
///
/// # Errors
/// `NoProject`, `Project`, `Io`.
pub fn all() -> Result<Vec<Place>, NoJournals> {
    let project = Project::find(Path::new("."))?.ok_or(NoJournals::NoProject)?;
    below(&project.root.join(".spec"))
}

/// The journals that a user means by this: a journal's own file, a directory, a workflow file, or a workflow's id.
/// Empty where nothing is recorded yet.
///
/// # Errors
/// All of them.
pub fn named(name: &Path) -> Result<Vec<Place>, NoJournals> {
    if name.is_dir() {
        let project = name.join(".spec");
        return below(if project.is_dir() { &project } else { name });
    }
    if name.extension().is_some_and(|e| e == "jsonl") && name.exists() {
        return Ok(vec![Place::of(name)]);
    }
    let near = match name.parent() {
        Some(parent) if name.exists() && !parent.as_os_str().is_empty() => parent,
        Some(_) | None => Path::new("."),
    };
    let project = Project::find(near)?.ok_or(NoJournals::NoProject)?;
    let id = if name.exists() {
        match load(name).map_err(|e| NoJournals::File(Box::new(e)))?.kind {
            LoadedKind::Workflow(checked) => checked.ir.id.value.to_string(),
            LoadedKind::Policy(..) => return Err(NoJournals::Policy(name.display().to_string())),
        }
    } else {
        let workflows = folders(&project.workflows())?;
        let id = name.to_string_lossy().into_owned();
        if !workflows.contains(&id) {
            return Err(NoJournals::Unknown {
                name: id,
                workflows,
            });
        }
        id
    };
    let journal = record::journal(&project, &id);
    let there = journal.path().exists();
    Ok(there
        .then(|| Place::of(journal.path()))
        .into_iter()
        .collect())
}

impl Place {
    fn of(file: &Path) -> Self {
        let name = |p: &Path| p.file_name().map(|n| n.to_string_lossy().into_owned());
        let folder = file.parent();
        let kept = folder
            .and_then(Path::parent)
            .is_some_and(|p| p.ends_with(".spec/workflows"));
        Self {
            workflow: folder.filter(|_| kept).and_then(name),
            file: shown(file),
        }
    }
}

fn shown(file: &Path) -> PathBuf {
    std::env::current_dir()
        .ok()
        .and_then(|here| file.strip_prefix(here).ok().map(Path::to_path_buf))
        .unwrap_or_else(|| file.to_path_buf())
}

/// Every journal in or below a directory. Symbolic links to directories are not followed.
fn below(directory: &Path) -> Result<Vec<Place>, NoJournals> {
    let mut found = Vec::new();
    let mut agenda = vec![directory.to_path_buf()];
    while let Some(next) = agenda.pop() {
        for entry in fs::read_dir(&next)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                agenda.push(entry.path());
            } else if entry.file_name() == JOURNAL {
                found.push(Place::of(&entry.path()));
            }
        }
    }
    found.sort();
    Ok(found)
}

fn folders(directory: &Path) -> Result<Vec<String>, NoJournals> {
    if !directory.is_dir() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            found.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    found.sort();
    Ok(found)
}
