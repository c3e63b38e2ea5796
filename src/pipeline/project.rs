//! A project: the directory with `.spec/` in it, its settings and its policy.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::load::LoadError;
use crate::check::{CheckedPolicy, check_policy};
use crate::finding::Engine;
use crate::host::files::read_text_capped;
use crate::ir::Sources;
use crate::ir::workflow::Policy;
use crate::syntax::{FileKind, parse_policy, sniff};

/// A project on disk.
#[derive(Debug, Clone)]
pub struct Project {
    /// The directory that holds `.spec/`.
    pub root: PathBuf,
    /// `.spec/config.json`; all absent when there is none.
    pub config: Config,
}

/// `.spec/config.json`. Unknown keys are refused.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Which service answers for agents.
    pub llm_provider: Option<String>,
    /// Which of its models.
    pub model: Option<String>,
    /// The variable that holds the key; never the key.
    pub anthropic_api_key_env: Option<String>,
    /// Programs that write code.
    pub backends: Option<Vec<String>>,
    /// Engines whose answers are needed: `explore`, `tlc`, `z3`, `lean`.
    pub engines: Option<Vec<EngineName>>,
    /// Whether one person may approve their own work.
    pub single_person: Option<bool>,
}

/// An engine in a settings file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EngineName {
    /// The embedded explicit-state engine.
    Explore,
    /// TLC.
    Tlc,
    /// Z3.
    Z3,
    /// Lean.
    Lean,
}

impl From<EngineName> for Engine {
    fn from(name: EngineName) -> Self {
        match name {
            EngineName::Explore => Self::Explore,
            EngineName::Tlc => Self::Tlc,
            EngineName::Z3 => Self::Z3,
            EngineName::Lean => Self::Lean,
        }
    }
}

/// What is wrong with a project.
#[derive(Debug, thiserror::Error)]
pub enum ProjectError {
    /// The settings cannot be read, or are not what they should be.
    #[error("{path}: {why}")]
    Config {
        /// The file.
        path: String,
        /// What is wrong, with line and column.
        why: String,
    },
    /// The policy has errors.
    #[error("the project's policy has errors")]
    Policy(Box<LoadError>),
    /// The policy file is a workflow.
    #[error("{path} is no policy: it has no `rules:` at its top")]
    NoPolicy {
        /// The file.
        path: String,
    },
}

/// The policy that holds where a project has none of its own.
pub const BUILT_IN_POLICY: &str = include_str!("../../formal/policy.yaml");

const POLICY_BYTES: u64 = 1024 * 1024;

/// The policy that holds: the project's own, else the built-in one. Its text is added to `sources`.
///
/// # Errors
/// `Policy` when it has errors, `NoPolicy` when it is something else.
pub fn policy(
    project: Option<&Project>,
    sources: &mut Sources,
) -> Result<CheckedPolicy, ProjectError> {
    Ok(policy_in_force(project, sources)?.1)
}

/// The same, also as it was written.
///
/// # Errors
/// As [`policy`].
pub fn policy_in_force(
    project: Option<&Project>,
    sources: &mut Sources,
) -> Result<(Policy, CheckedPolicy), ProjectError> {
    let own = project
        .map(|p| p.root.join(".spec/policy.yaml"))
        .filter(|p| p.exists());
    let (name, text) = match own {
        Some(path) => {
            let name = path.display().to_string();
            let text = read_text_capped(&path, POLICY_BYTES).map_err(|e| ProjectError::Config {
                path: name.clone(),
                why: e.to_string(),
            })?;
            if sniff(&text) != FileKind::Policy {
                return Err(ProjectError::NoPolicy { path: name });
            }
            (name, text)
        }
        None => ("the built-in policy".to_owned(), BUILT_IN_POLICY.to_owned()),
    };
    let source = sources.add(name, text.as_str());
    parse_policy(source, &text)
        .and_then(|parsed| check_policy(&parsed.value).map(|checked| (parsed.value, checked)))
        .map_err(|diagnostics| {
            ProjectError::Policy(Box::new(LoadError {
                sources: sources.clone(),
                diagnostics,
            }))
        })
}

const CONFIG_BYTES: u64 = 64 * 1024;

impl Project {
    /// The project that `start` lies in: the nearest directory upward with a `.spec` directory. `None` outside any.
    ///
    /// # Errors
    /// `Config` for settings that are not readable or have unknown keys.
    pub fn find(start: &Path) -> Result<Option<Self>, ProjectError> {
        let start = start.canonicalize().unwrap_or_else(|_| start.to_path_buf());
        let Some(root) = start.ancestors().find(|d| d.join(".spec").is_dir()) else {
            return Ok(None);
        };
        let path = root.join(".spec/config.json");
        let config = if path.exists() {
            let wrong = |why: String| ProjectError::Config {
                path: path.display().to_string(),
                why,
            };
            let text = read_text_capped(&path, CONFIG_BYTES).map_err(|e| wrong(e.to_string()))?;
            serde_json::from_str(&text).map_err(|e| wrong(e.to_string()))?
        } else {
            Config::default()
        };
        Ok(Some(Self {
            root: root.to_path_buf(),
            config,
        }))
    }

    /// Where the versions of a workflow are kept.
    #[must_use]
    pub fn workflows(&self) -> PathBuf {
        self.root.join(".spec/workflows")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_policy_is_without_errors_and_decides_every_action() {
        let policy = policy(None, &mut Sources::default()).expect("no errors");
        let actions: std::collections::BTreeSet<_> =
            policy.rules.iter().map(|r| r.action).collect();
        assert_eq!(
            actions.len(),
            5,
            "approve, waive, implement, build, release"
        );
    }

    #[test]
    fn a_project_is_found_upward_and_unknown_settings_are_refused() {
        let root = tempfile::tempdir().expect("a directory");
        let below = root.path().join("a/b");
        std::fs::create_dir_all(&below).expect("made");
        std::fs::create_dir_all(root.path().join(".spec")).expect("made");
        let found = Project::find(&below)
            .expect("readable")
            .expect("there is one");
        assert_eq!(found.root, root.path().canonicalize().expect("real"));
        assert_eq!(found.config, Config::default());
        std::fs::write(
            root.path().join(".spec/config.json"),
            r#"{"engines": ["z3", "tlc"]}"#,
        )
        .expect("written");
        let found = Project::find(&below)
            .expect("readable")
            .expect("there is one");
        assert_eq!(
            found.config.engines,
            Some(vec![EngineName::Z3, EngineName::Tlc])
        );
        for wrong in [r#"{"engine": []}"#, r#"{"engines": ["prolog"]}"#, "{"] {
            std::fs::write(root.path().join(".spec/config.json"), wrong).expect("written");
            assert!(
                matches!(Project::find(&below), Err(ProjectError::Config { .. })),
                "{wrong}"
            );
        }
    }
}
