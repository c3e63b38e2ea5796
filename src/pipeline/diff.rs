//! `diff`: two files read, checked and compared. The comparison itself is `revise::diff`'s.

use std::path::Path;

use super::load::{LoadError, Loaded, LoadedKind, load};
use super::project::{self, Project, ProjectError};
use crate::ir::SourceId;
use crate::revise::diff::{Diff, Options, PolicySide, Side, policies, workflows};

/// Why two files are not compared.
#[derive(Debug, thiserror::Error)]
pub enum DiffError {
    /// One of them, or both, have errors.
    #[error("a file has errors")]
    Files(Vec<LoadError>),
    /// The project has.
    #[error(transparent)]
    Project(#[from] ProjectError),
    /// One is a workflow and the other a policy.
    #[error("a workflow and a policy are not compared")]
    Kinds,
    /// The user stopped it.
    #[error("interrupted")]
    Interrupted,
}

/// Both files as they were read, and how they differ.
#[derive(Debug, Clone)]
pub struct Compared {
    /// The old file.
    pub old: Loaded,
    /// The new file.
    pub new: Loaded,
    /// How they differ.
    pub diff: Diff,
}

/// Compares two files.
///
/// # Errors
/// See [`DiffError`].
pub fn diff(
    old: &Path,
    new: &Path,
    project: Option<&Project>,
    options: &Options,
) -> Result<Compared, DiffError> {
    let (old, new) = match (load(old), load(new)) {
        (Ok(old), Ok(new)) => (old, new),
        (old, new) => {
            let errors = [old.err(), new.err()].into_iter().flatten();
            return Err(DiffError::Files(errors.collect()));
        }
    };
    let diff = summary(&old, &new, project, options)?;
    Ok(Compared { old, new, diff })
}

/// How two files differ that were read already: for those who show it beside something else, as `approve` does. The value is
/// complete; `revise::diff::render` makes a page of it, `revise::diff::brief` a line.
///
/// # Errors
/// See [`DiffError`].
pub fn summary(
    old: &Loaded,
    new: &Loaded,
    project: Option<&Project>,
    options: &Options,
) -> Result<Diff, DiffError> {
    let diff = match (&old.kind, &new.kind) {
        (LoadedKind::Workflow(a), LoadedKind::Workflow(b)) => {
            let mut sources = new.sources.clone();
            let policy = project::policy(project, &mut sources)?;
            let [old, new] = [(a, old), (b, new)].map(|(checked, loaded)| Side {
                checked,
                sources: &loaded.sources,
                file: name(loaded),
            });
            workflows(old, new, &policy, options)
        }
        (LoadedKind::Policy(a, x), LoadedKind::Policy(b, y)) => {
            let [old, new] =
                [(a, x, old), (b, y, new)].map(|(checked, digest, loaded)| PolicySide {
                    checked,
                    sources: &loaded.sources,
                    file: name(loaded),
                    digest,
                });
            policies(old, new, options)
        }
        (LoadedKind::Workflow(_), LoadedKind::Policy(..))
        | (LoadedKind::Policy(..), LoadedKind::Workflow(_)) => return Err(DiffError::Kinds),
    };
    if options.cancel.cancelled() {
        return Err(DiffError::Interrupted);
    }
    Ok(diff)
}

fn name(loaded: &Loaded) -> &str {
    loaded.sources.get(SourceId(0)).map_or("", |f| &f.name)
}
