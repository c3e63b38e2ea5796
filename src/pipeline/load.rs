//! Reads a file the user names and every file it refines, each once, and checks them all.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::check::{CheckedPolicy, CheckedWorkflow, check, check_policy};
use crate::finding::{Diagnostic, Level};
use crate::host::files::{FileError, read_capped};
use crate::ir::{Digest, SourceId, Sources, Span, canonical};
use crate::syntax::{FileKind, Parsed, decode_bytes, limits, parse_policy, parse_workflow, sniff};

/// A file that was read and is without errors.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The texts; source 0 is the file the user named.
    pub sources: Sources,
    /// What it is.
    pub kind: LoadedKind,
    /// Warnings about it, and about what it refines.
    pub warnings: Vec<Diagnostic>,
}

/// What a file can be.
#[derive(Debug, Clone)]
pub enum LoadedKind {
    /// One version of a workflow.
    Workflow(Arc<CheckedWorkflow>),
    /// A policy and its digest.
    Policy(CheckedPolicy, Digest),
}

/// Why a file was not taken: everything that is wrong with it, and the texts to show it in.
#[derive(Debug, Clone)]
pub struct LoadError {
    /// The texts read so far.
    pub sources: Sources,
    /// At least one error.
    pub diagnostics: Vec<Diagnostic>,
}

/// How many workflows may refine each other in a row.
const REFINEMENT_DEPTH: usize = 8;

/// Reads and checks a file; `refines:` is relative to the file that says it.
///
/// # Errors
/// Everything that is wrong with the file or with one it refines, in the order of the files.
pub fn load(path: &Path) -> Result<Loaded, LoadError> {
    let mut reader = Reader {
        sources: Sources::default(),
        warnings: Vec::new(),
        open: Vec::new(),
    };
    match reader.top(path) {
        Ok(kind) => Ok(Loaded {
            sources: reader.sources,
            kind,
            warnings: reader.warnings,
        }),
        Err(mut diagnostics) => {
            diagnostics.extend(reader.warnings);
            Err(LoadError {
                sources: reader.sources,
                diagnostics,
            })
        }
    }
}

struct Reader {
    sources: Sources,
    warnings: Vec<Diagnostic>,
    /// Files being read, to find cycles.
    open: Vec<PathBuf>,
}

impl Reader {
    fn top(&mut self, path: &Path) -> Result<LoadedKind, Vec<Diagnostic>> {
        let (source, text) = self.read(path, None)?;
        match sniff(&text) {
            FileKind::Policy => {
                let Parsed { value, warnings } = parse_policy(source, &text)?;
                self.warnings.extend(warnings);
                Ok(LoadedKind::Policy(
                    check_policy(&value)?,
                    canonical::policy_digest(&value),
                ))
            }
            FileKind::Workflow => Ok(LoadedKind::Workflow(self.workflow(path, source, &text)?)),
        }
    }

    /// The text of a file; `from` is where another file names it.
    fn read(
        &mut self,
        path: &Path,
        from: Option<Span>,
    ) -> Result<(SourceId, String), Vec<Diagnostic>> {
        let name = path.display().to_string();
        let limit = u64::try_from(limits::FILE_BYTES).unwrap_or(u64::MAX);
        let bytes = match read_capped(path, limit) {
            Ok(bytes) => bytes,
            Err(error) => {
                if from.is_none() {
                    self.sources.add(name.clone(), String::new());
                }
                return Err(vec![unreadable(&name, &error, from)]);
            }
        };
        let source = self.sources.add(name, String::from_utf8_lossy(&bytes));
        let text = decode_bytes(source, &bytes)
            .map_err(|d| vec![d])?
            .to_owned();
        Ok((source, text))
    }

    fn workflow(
        &mut self,
        path: &Path,
        source: SourceId,
        text: &str,
    ) -> Result<Arc<CheckedWorkflow>, Vec<Diagnostic>> {
        self.open
            .push(path.canonicalize().unwrap_or_else(|_| path.to_path_buf()));
        let Parsed { value, warnings } = parse_workflow(source, text)?;
        self.warnings.extend(warnings);
        let refined = match &value.refines {
            Some(refines) => {
                let folder = path.parent().unwrap_or_else(|| Path::new("."));
                Some(self.refined(&folder.join(&refines.workflow.value), refines.workflow.span)?)
            }
            None => None,
        };
        let checked = check(value, refined)?;
        self.warnings.extend(checked.diagnostics.iter().cloned());
        self.open.pop();
        Ok(Arc::new(checked))
    }

    fn refined(
        &mut self,
        path: &Path,
        from: Span,
    ) -> Result<Arc<CheckedWorkflow>, Vec<Diagnostic>> {
        let real = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
        if self.open.contains(&real) {
            return Err(vec![error(
                "TRIB-REFINES-CYCLE",
                "workflows refine each other in a circle".to_owned(),
                from,
                "this file is being read already",
                "a workflow can only refine one that does not depend on it",
            )]);
        }
        if self.open.len() >= REFINEMENT_DEPTH {
            return Err(vec![error(
                "TRIB-REFINES-DEPTH",
                format!("more than {REFINEMENT_DEPTH} workflows refine each other in a row"),
                from,
                "one more here",
                "leave out workflows in between",
            )]);
        }
        let (source, text) = self.read(path, Some(from))?;
        if sniff(&text) == FileKind::Policy {
            return Err(vec![error(
                "TRIB-REFINES-POLICY",
                "a policy cannot be refined".to_owned(),
                from,
                "this is a policy file",
                "name a workflow file",
            )]);
        }
        self.workflow(path, source, &text)
    }
}

fn error(code: &'static str, message: String, span: Span, label: &str, help: &str) -> Diagnostic {
    Diagnostic {
        code,
        level: Level::Error,
        message,
        labels: vec![(span, label.to_owned())],
        help: Some(help.to_owned()),
    }
}

fn unreadable(name: &str, error: &FileError, from: Option<Span>) -> Diagnostic {
    let code = match error {
        FileError::TooLarge { .. } => "TRIB-FILE-SIZE",
        _ => "TRIB-FILE-READ",
    };
    Diagnostic {
        code,
        level: Level::Error,
        message: match error {
            FileError::TooLarge { .. } => error.to_string(),
            _ => format!("cannot read {name}: {error}"),
        },
        labels: from
            .map(|s| (s, "named here".to_owned()))
            .into_iter()
            .collect(),
        help: Some(
            "check the path; paths in `refines:` are relative to the file they stand in".to_owned(),
        ),
    }
}
