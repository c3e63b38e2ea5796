//! The two ways to run Lean: `lake build` of the user's own toolchain, and the WebAssembly build in the user's cache.
//!
//! The second is run for real by this project's tests. The first is tested against transcripts written from lake's public
//! documentation; it was not run against a live lake.

use std::path::{Path, PathBuf};

use super::install;
use super::messages::Dialect;
use crate::engine::Request;
use crate::host::cancel::CancelToken;
use crate::host::files;
use crate::host::process::{End, Limits, Outcome, Program};
use crate::host::tools::{self, Tool};

/// The Lean release that generated projects ask elan for.
const TOOLCHAIN: &str = "leanprover/lean4:v4.28.0";

/// The most output of Lean's that is read, in bytes a stream.
const OUTPUT_CAP: usize = 64 << 20;

/// A way to run Lean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Launcher {
    /// `lake build` in a generated project.
    Lake {
        /// The program.
        lake: PathBuf,
        /// As `lake --version` says.
        version: String,
    },
    /// The WebAssembly build.
    Wasm {
        /// Where it is installed.
        directory: PathBuf,
        /// The Node that runs it.
        node: PathBuf,
        /// As recorded when it was installed.
        version: String,
    },
}

/// What a launcher brought back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// How Lean ended.
    pub end: End,
    /// How its output is to be read.
    pub dialect: Dialect,
    /// Whether the output shows that Lean got to the end of the file.
    pub finished: bool,
    /// What it printed.
    pub output: String,
    /// The file as it was on disk after the run.
    pub text: String,
    /// The commands run.
    pub commands: Vec<String>,
}

/// Neither launcher is there, or what is there does not work.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}; without Lean nothing is `proved`. Run `tribunal doctor --install lean-wasm`, or install elan", self.short())]
pub struct NoLauncher {
    /// Why lake is not used; `None` = it was not found.
    pub lake: Option<String>,
    /// Why the WebAssembly build is not used; `None` = it is not installed.
    pub wasm: Option<String>,
}

impl NoLauncher {
    fn short(&self) -> String {
        match (&self.lake, &self.wasm) {
            (None, None) => "no lake and no lean-wasm here".to_owned(),
            (Some(lake), None) => lake.clone(),
            (None, Some(wasm)) => format!("lean-wasm: {wasm}"),
            (Some(lake), Some(wasm)) => format!("{lake}; lean-wasm: {wasm}"),
        }
    }
}

/// Looks for lake first, then for the WebAssembly build.
///
/// # Errors
/// When neither is there or works.
pub fn find() -> Result<Launcher, NoLauncher> {
    let lake = match tools::find(Tool::Lake) {
        Ok(found) => match lake_version(&found.path) {
            Ok(version) => {
                return Ok(Launcher::Lake {
                    lake: found.path,
                    version,
                });
            }
            Err(why) => Some(why),
        },
        Err(_) => None,
    };
    match install::installed() {
        Ok(wasm) => Ok(Launcher::Wasm {
            directory: wasm.directory,
            node: wasm.node,
            version: wasm.version,
        }),
        Err(why) => Err(NoLauncher { lake, wasm: why }),
    }
}

/// Whether a launcher seems to be there; a look at files only, so that it costs nothing where Lean is not asked.
///
/// # Errors
/// Why not, and how to get one.
pub fn present() -> Result<(), String> {
    if tools::find(Tool::Lake).is_ok() {
        return Ok(());
    }
    match install::files_there() {
        Ok(_) => Ok(()),
        Err(wasm) => Err(NoLauncher { lake: None, wasm }.to_string()),
    }
}

fn lake_version(lake: &Path) -> Result<String, String> {
    let limits = Limits {
        deadline: std::time::Duration::from_secs(20),
        output_cap: 64 << 10,
        cancel: CancelToken::new(),
    };
    let outcome = Program::new(lake).arg("--version").run(&limits);
    if outcome.succeeded() {
        Ok(outcome.stdout.trim().to_owned())
    } else {
        Err(format!("lake --version {}", outcome.end))
    }
}

impl Launcher {
    /// The launcher's name and Lean's version.
    #[must_use]
    pub fn version(&self) -> String {
        match self {
            Self::Lake { version, .. } => format!("{version} by lake"),
            Self::Wasm { version, .. } => format!("{version} by lean-wasm"),
        }
    }

    /// Whether Lean says which axioms a theorem rests on. The WebAssembly build takes every file for a module and refuses to.
    #[must_use]
    pub const fn prints_axioms(&self) -> bool {
        match self {
            Self::Lake { .. } => true,
            Self::Wasm { .. } => false,
        }
    }

    /// Has Lean check `text`; files that it needs are gone afterwards, or stay in the request's artifacts.
    #[must_use]
    pub fn check(&self, text: &str, request: &Request<'_>) -> Checked {
        let temporary = match tempfile::tempdir() {
            Ok(directory) => directory,
            Err(e) => {
                return Checked::failed(self.dialect(), format!("no temporary directory: {e}"));
            }
        };
        let directory = temporary.path();
        if let Err(e) = self.prepare(directory, text) {
            return Checked::failed(self.dialect(), e);
        }
        if let Some(artifacts) = request.artifacts
            && let Err(e) = fs_err::create_dir_all(artifacts)
                .map_err(|e| e.to_string())
                .and_then(|()| self.prepare(artifacts, text))
        {
            return Checked::failed(self.dialect(), e);
        }
        let limits = Limits {
            deadline: request.deadline,
            output_cap: OUTPUT_CAP,
            cancel: request.cancel.clone(),
        };
        let program = self.program(directory);
        let outcome = program.run(&limits);
        let read = files::read_text_capped(&directory.join("Workflow.lean"), OUTPUT_CAP as u64)
            .unwrap_or_default();
        Checked {
            finished: self.finished(&outcome),
            end: outcome.end,
            dialect: self.dialect(),
            output: format!("{}\n{}", outcome.stdout, outcome.stderr),
            text: read,
            commands: vec![self.shown()],
        }
    }

    const fn dialect(&self) -> Dialect {
        match self {
            Self::Lake { .. } => Dialect::Lake,
            Self::Wasm { .. } => Dialect::Wasm,
        }
    }

    fn finished(&self, outcome: &Outcome) -> bool {
        match self {
            Self::Lake { .. } => outcome.output_complete,
            // Said on standard error; the source is echoed on standard output alone, so no text of the user's can say it.
            Self::Wasm { .. } => {
                outcome.output_complete && outcome.stderr.contains("runFrontend completed")
            }
        }
    }

    fn prepare(&self, directory: &Path, text: &str) -> Result<(), String> {
        let mut files = vec![("Workflow.lean", text.to_owned())];
        if matches!(self, Self::Lake { .. }) {
            files.push((
                "lakefile.toml",
                "name = \"workflow\"\ndefaultTargets = [\"Workflow\"]\n\n[[lean_lib]]\nname = \"Workflow\"\n".to_owned(),
            ));
            files.push(("lean-toolchain", format!("{TOOLCHAIN}\n")));
        }
        for (name, content) in files {
            write(&directory.join(name), &content)?;
        }
        Ok(())
    }

    fn program(&self, directory: &Path) -> Program {
        match self {
            Self::Lake { lake, .. } => Program::new(lake).arg("build").cwd(directory),
            Self::Wasm {
                directory: installed,
                node,
                ..
            } => Program::new(node)
                .arg("--stack-size=8192")
                .arg(installed.join("lean-fast.js"))
                .arg("Workflow.lean")
                .env("LEAN_POOL", "2")
                .env("LEAN_PATH", installed.join("lib").join("lean"))
                .env(
                    "LEAN_MOUNT",
                    format!("{}\n{}", installed.display(), directory.display()),
                )
                .cwd(directory),
        }
    }

    fn shown(&self) -> String {
        match self {
            Self::Lake { .. } => "lake build".to_owned(),
            Self::Wasm { .. } => {
                "LEAN_POOL=2 LEAN_PATH=<lean-wasm>/lib/lean node --stack-size=8192 <lean-wasm>/lean-fast.js Workflow.lean".to_owned()
            }
        }
    }
}

impl Checked {
    fn failed(dialect: Dialect, why: String) -> Self {
        Self {
            end: End::FailedToStart(why),
            dialect,
            finished: false,
            output: String::new(),
            text: String::new(),
            commands: Vec::new(),
        }
    }
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    files::write_atomic(path, text.as_bytes()).map_err(|e| e.to_string())
}
